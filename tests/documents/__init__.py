"""What is written for people holds: paths exist, the notebook runs, records are known again."""
