"""What keeps and finds documents: Whoosh in the data folder, or PostgreSQL. One contract, `base`."""
