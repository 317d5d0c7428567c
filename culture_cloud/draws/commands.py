"""flask draw …: do a published draw over again."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from . import record

draw_group = AppGroup("draw", help="Places given by lot.")


@draw_group.command("verify")
@click.argument("what")
@click.option("--commitment", help="What was published before the draw, as you kept it.")
def verify(what: str, commitment: str | None) -> None:
    """Do a draw over again. WHAT is the file of a published record (JSON).

    Fails where the record does not agree with what its seed gives.
    """
    try:
        text = Path(what).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"cannot read {what}: {error}") from None
    _judge(json.loads(text) if _is_json(text) else None, commitment)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _judge(said: object, commitment: str | None) -> None:
    try:
        found = record.faults(said, commitment=commitment)
    except record.NotARecord as error:
        raise click.ClickException(f"this is not the record of a draw: {error}") from None
    for fault in found:
        click.echo(fault)
    if found:
        raise click.ClickException("the record is not what its seed gives")
    click.echo("The record is right: the seed gives this very order and these places.")
