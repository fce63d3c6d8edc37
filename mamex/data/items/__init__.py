"""What a shop's table of items says beyond one row an item: variants, twins, and words in markup."""
