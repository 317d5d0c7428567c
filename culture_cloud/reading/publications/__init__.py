"""What there is to read, how it is found, who may read it."""
