"""flask draw …: do a published draw over again."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from culture_cloud import db
from culture_cloud.errors import NotFound

from . import queries, record, verifying
from .models import Draw, DrawKind

draw_group = AppGroup("draw", help="Places given by lot.")


@draw_group.command("verify")
@click.argument("what")
@click.option("--season", is_flag=True, help="WHAT is the number of a season, not of an activity.")
@click.option("--commitment", help="What was published before the draw, as you kept it.")
@with_appcontext
def verify(what: str, season: bool, commitment: str | None) -> None:
    """Do a draw over again. WHAT is the number of an activity, or the file of a published record.

    Fails where the record does not agree with what its seed gives; a draw of this site also where
    people have other places than its record says.
    """
    if what.isdecimal():
        found = verifying.faults(db.session(), _drawn(int(what), season), commitment=commitment)
    else:
        found = _faults_in(Path(what), commitment)
    for fault in found:
        click.echo(fault)
    if found:
        raise click.ClickException("the record is not what its seed gives")
    click.echo("The record is right: the seed gives this very order and these places.")


def _drawn(number: int, is_season: bool) -> Draw:
    try:
        found = (
            queries.draw(db.session(), number, DrawKind.WISHES)
            if is_season
            else queries.of_activity(db.session(), number)
        )
    except NotFound:
        found = None
    if found is None:
        kind = "season" if is_season else "activity"
        raise click.ClickException(f"there is no draw of {kind} {number}")
    if not found.record:
        raise click.ClickException(f"not drawn yet: people can apply until {found.closes_at}")
    return found


def _faults_in(path: Path, commitment: str | None) -> list[str]:
    try:
        return record.faults(
            json.loads(path.read_text(encoding="utf-8-sig")), commitment=commitment
        )
    except OSError as error:
        raise click.ClickException(f"cannot read {path}: {error}") from None
    except (ValueError, record.NotARecord) as error:
        raise click.ClickException(f"this is not the record of a draw: {error}") from None
