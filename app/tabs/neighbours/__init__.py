"""What is most like the product, and what it takes from whom."""
