"""EPUB 2 and 3 made into plain pages: nothing of the file reaches a browser unsanitised."""
