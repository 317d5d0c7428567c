"""The entry point for WSGI servers and the flask command (`.venv/bin/flask --help`)."""

from __future__ import annotations

from culture_cloud import create_app
from culture_cloud.config import Config
from culture_cloud.serve import serve

app = create_app(Config.from_env())

if __name__ == "__main__":
    serve(app)
