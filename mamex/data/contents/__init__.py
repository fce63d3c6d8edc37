"""What the tables of a shop mean: items, pictures, interactions, ids, times and ratings."""
