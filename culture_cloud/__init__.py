"""Culture Cloud 文化云: a public cultural service platform for a county or city."""

from __future__ import annotations

from flask import Flask

from .config import Config

__version__ = "0.1.0"


def create_app(config: Config) -> Flask:
    """Build the app from its settings; culture_cloud.application is the list of what is in it."""
    from .application import build  # importing the package alone must stay light

    return build(config)
