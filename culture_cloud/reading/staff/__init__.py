"""The desk's part of the reading room: files in, descriptions, shelves, copies, figures."""
