"""People say what is hard to use, and are answered."""
