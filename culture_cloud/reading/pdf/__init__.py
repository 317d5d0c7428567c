"""PDF and page images made into pages with text and pictures."""
