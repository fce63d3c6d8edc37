"""Further questions to a launch or to a shop."""
