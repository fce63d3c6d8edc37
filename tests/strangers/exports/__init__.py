"""The folders that shop systems, spreadsheets and recommender libraries write."""
