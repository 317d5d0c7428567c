"""The staff desk: reads and composes the features for staff."""
