"""Lists of items with their files: read, looked at, imported. Nothing is written before."""
