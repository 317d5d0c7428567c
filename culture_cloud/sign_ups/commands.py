"""flask places …: what an operator asks of the counts."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from culture_cloud import db

from . import places

places_group = AppGroup("places", help="The counts of places.")


@places_group.command("verify")
def verify() -> None:
    """Count all places anew from the sign-ups; fails where a kept count differs."""
    found = places.differences(db.session())
    for difference in found:
        click.echo(
            f"activity {difference.activity_id}, places {difference.allotment_id}: "
            f"{difference.counted} counted, {difference.confirmed} confirmed"
        )
    if found:
        raise click.ClickException(f"{len(found)} counts differ from the sign-ups")
    click.echo("All counts agree with the sign-ups.")
