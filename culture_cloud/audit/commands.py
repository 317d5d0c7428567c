"""flask audit …: proving that nobody rewrote what was done."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from culture_cloud import db
from culture_cloud.config import Config

from . import chain, heads, jobs
from .recording import record

audit_group = AppGroup("audit", help="The trail of who changed what.")


@audit_group.command("seal")
def seal() -> None:
    """Seal now what the worker would seal within seconds."""
    jobs.seal_all()
    _say_head()


@audit_group.command("head")
def show_head() -> None:
    """Print the last link, to be noted on another machine."""
    _say_head()


@audit_group.command("verify")
@click.option("--head", "noted", help="A head noted elsewhere (number:digest).")
def verify(noted: str | None) -> None:
    """Reckon the whole chain anew; fails where an entry was changed, put in or taken away."""
    found = list(chain.faults(db.session()))
    for fault in found:
        click.echo(f"link {fault.number}: {fault.why}")
    try:
        heads_to_hold = {"kept beside the database": heads.read(_folder())}
        if noted:
            heads_to_hold["given"] = heads.parse(noted)
    except heads.BadHead as error:
        raise click.ClickException(f"This is no head: {error}") from None
    broken = len(found)
    for which, expected in heads_to_hold.items():
        if expected and chain.digest_at(db.session(), expected.number) != expected.digest:
            click.echo(f"the head {which} is not in the chain: link {expected.number}")
            broken += 1
    if broken:
        raise click.ClickException("The trail was tampered with, or set back to an older backup.")
    last, waiting = chain.head(db.session()), chain.unsealed(db.session())
    click.echo(f"The trail is whole: {last.number} sealed, {waiting} waiting for their seal.")


@audit_group.command("accept-restore")
@click.option("--reason", required=True, help="Why the database was set back.")
def accept_restore(reason: str) -> None:
    """After an older backup was restored: go on from the chain as it is, and record that."""
    with db.transaction() as session:
        record(
            session,
            actor=None,
            action="set_back",
            subject_kind="audit",
            subject_id=chain.head(session).number,
            reason=reason,
        )
        while chain.seal(session) == chain.BATCH:
            pass
        last = chain.head(session)
    heads.write(_folder(), last)
    _say_head()


def _folder() -> Path:
    config: Config = current_app.config["CULTURE_CLOUD"]
    return config.data_folder


def _say_head() -> None:
    last = chain.head(db.session())
    click.echo(f"{last.number}:{last.digest}")
