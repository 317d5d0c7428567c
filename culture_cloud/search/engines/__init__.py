"""What keeps and finds documents: Whoosh in the data folder, or PostgreSQL, by one contract."""
