"""What is written of a benchmark: tables, figures, and how the numbers were made."""
