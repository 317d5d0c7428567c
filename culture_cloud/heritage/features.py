"""Heritage as one feature: its views, jobs and search sources, handed to the application."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from culture_cloud.accounts import personal
from culture_cloud.jobs.worker import Handlers
from culture_cloud.media import loose

from . import jobs, search, views
from .contributions import views as gift_views
from .iiif import image_views, presentation_views
from .importing import jobs as import_jobs
from .oai import views as oai_views
from .page_views import media_bp
from .personal import HOLDER
from .words import describe


def init_app(app: Flask, handlers: Handlers) -> None:
    own = (views.bp, media_bp, gift_views.bp, image_views.bp, presentation_views.bp, oai_views.bp)
    for blueprint in own:
        app.register_blueprint(blueprint)
    app.extensions["search_sources"].register(search.SOURCE, search.COLLECTIONS)
    describe()
    personal.register(app, HOLDER)
    handlers.add(
        {
            "heritage.read_pages": jobs.read_pages,
            "heritage.forget_drawings": image_views.forget_drawings,
            "heritage.forget_lists": import_jobs.forget_lists,
        }
    )
    loose.register(app, import_jobs.waiting_files)
    handlers.every("heritage.forget_lists", timedelta(days=1))
    handlers.every("heritage.forget_drawings", timedelta(hours=6))
