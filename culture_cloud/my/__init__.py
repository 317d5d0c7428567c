"""A person's own pages 我的: what they signed up for, messages, family, and their data."""
