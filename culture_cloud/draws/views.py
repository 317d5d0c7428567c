"""All public pages of draws."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from culture_cloud import db
from culture_cloud.jobs.worker import Handlers

from . import apply_views, commands, jobs, own_views, page_views, personal, queries
from .blueprint import bp
from .models import Draw


def init_app(app: Flask, handlers: Handlers) -> None:
    """What the worker does; and the name by which pages of activities, which stand below and know
    no draws, ask for theirs."""
    app.cli.add_command(commands.draw_group)
    handlers.add(jobs.HANDLERS)
    handlers.every("draws.look_after", timedelta(minutes=5))
    app.jinja_env.globals["draw_of"] = draw_of
    personal.init_app(app)


def draw_of(activity_id: int) -> Draw | None:
    return queries.of_activity(db.session(), activity_id)


__all__ = ["apply_views", "bp", "init_app", "own_views", "page_views"]
