"""The items on sale as a trained model sees them: neighbours, thresholds, map."""
