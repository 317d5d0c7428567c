"""The reading room as one feature: its views, jobs and commands, handed to the application."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, redirect, request, url_for
from werkzeug.wrappers import Response

from culture_cloud.accounts import personal
from culture_cloud.jobs.worker import Handlers

from . import (
    file_views,
    heard_jobs,
    heard_views,
    my_views,
    page_views,
    room_views,
    search,
    seen_views,
)
from .asking import NotOpen
from .blueprint import bp, desk_bp, files_bp, own_bp
from .braille import jobs as braille_jobs
from .commands import reading_group
from .intake import jobs as intake_jobs
from .intake import scans
from .lending import jobs as lending_jobs
from .marc import views as marc_views
from .opds import views as opds_views
from .personal import HOLDER
from .reader import own_views
from .reader import views as reader_views
from .staff import shelf_views, upload_views, views, words

VIEWS = (
    *(room_views, page_views, file_views, my_views, seen_views, own_views, reader_views),
    *(views, upload_views, shelf_views, marc_views, heard_views),
)
"""Imported for the routes they add."""


def init_app(app: Flask, handlers: Handlers) -> None:
    for blueprint in (bp, files_bp, own_bp, desk_bp, opds_views.bp):
        app.register_blueprint(blueprint)
    words.describe()
    app.extensions["search_sources"].register(search.SOURCE, search.PAGES)
    personal.register(app, HOLDER)
    app.register_error_handler(NotOpen, _not_open)
    handlers.add(
        {
            "reading.take_in": intake_jobs.take_in,
            "reading.draw_pages": intake_jobs.draw_pages,
            "reading.read_scan": scans.read_scan,
            "reading.make_braille": braille_jobs.make_braille,
            heard_jobs.JOB: heard_jobs.speak_ahead,
            "reading.clear_up": intake_jobs.clear_up,
            "reading.end_loans": lending_jobs.end_loans,
            "reading.tell_ready": lending_jobs.tell_ready,
        }
    )
    handlers.every("reading.clear_up", timedelta(days=1))
    handlers.every(heard_jobs.JOB, timedelta(minutes=30))
    handlers.every("reading.end_loans", timedelta(minutes=5))
    app.cli.add_command(reading_group)


def _not_open(refusal: NotOpen) -> Response | tuple[str, int]:
    """A page leads to the title's own page, which says what stands between; a file is refused."""
    if request.endpoint in {
        "reading.chapter",
        "reading.chapter_page",
        "reading.contents",
        "reading.find",
    }:
        return redirect(url_for("reading.page", publication_id=refusal.publication_id), code=302)
    return "", refusal.status
