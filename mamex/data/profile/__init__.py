"""What a dataset folder holds: computed once from its contents, told as text, as JSON or on a page."""
