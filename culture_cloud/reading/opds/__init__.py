"""The open catalogue: OPDS 1.2 (Atom) and OPDS 2.0 (JSON), for any reading app."""
