"""What every page shares: security, modes, errors, forms, words, caching."""
