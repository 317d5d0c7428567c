"""Setting the feature up: what it does on schedule, what it keeps of people."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from culture_cloud.accounts import personal as people
from culture_cloud.jobs.worker import Handlers

from . import personal, services


def init_app(app: Flask, handlers: Handlers) -> None:
    handlers.add({"feedback.forget_people": services.forget_people})
    handlers.every("feedback.forget_people", timedelta(days=1))
    people.register(app, personal.HOLDER)
