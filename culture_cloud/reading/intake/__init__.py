"""Files that come in: looked at in a process of its own, made into a book folder, or kept aside."""
