"""IIIF: Image API 3.0 and 2.1 (level 2), Presentation API 3.0, Content Search API 2.0."""
