"""flask …: the operator's commands. Thin: each calls a service and says what came of it."""

from __future__ import annotations

import os

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from . import db, migrations
from .access.commands import accounts_group
from .jobs import queue
from .jobs.worker import Handlers, Worker, drain
from .notifications.commands import notices_group
from .serve import serve
from .web.logs import set_up_logging

WORKER_NICENESS = 10
"""People who wait for a page come first; notices may take a second longer."""

database_group = AppGroup("database", help="The tables and their history.")
jobs_group = AppGroup("jobs", help="Work that is done after the answer.")


def init_app(app: Flask) -> None:
    app.cli.add_command(database_group)
    app.cli.add_command(jobs_group)
    app.cli.add_command(accounts_group)
    app.cli.add_command(notices_group)
    app.cli.add_command(worker)
    app.cli.add_command(serve_command)


@database_group.command("upgrade")
def upgrade() -> None:
    """Bring the tables to this version of the program."""
    migrations.upgrade(db.database())
    click.echo("The tables are up to date.")


@database_group.command("revision")
@click.argument("message")
def revision(message: str) -> None:
    """Write a migration from the models (developers)."""
    migrations.make_revision(db.database(), message)


@jobs_group.command("run")
def run_jobs() -> None:
    """Do all work that is due now, then stop."""
    click.echo(f"{drain(handlers())} jobs done.")


@jobs_group.command("failed")
def failed_jobs() -> None:
    """List the work that finally failed."""
    for job in queue.failed_jobs(db.session()):
        click.echo(f"{job.id}\t{job.name}\t{job.attempts} attempts\t{job.last_error}")


@click.command("worker")
def worker() -> None:
    """Do work as it comes in, until stopped."""
    set_up_logging()
    os.nice(WORKER_NICENESS)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    Worker(app, handlers()).run()


@click.command("serve")
def serve_command() -> None:
    """Migrate, load the demo county into an empty site, start the worker, and serve."""
    serve(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001


def handlers() -> Handlers:
    found: Handlers = current_app.extensions["handlers"]
    return found
