"""Reading itself: pages of a book, the place where one is, bookmarks, highlights, notes."""
