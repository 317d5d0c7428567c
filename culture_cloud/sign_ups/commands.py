"""flask places …: what an operator asks of the counts."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from culture_cloud import clock, db

from . import places

places_group = AppGroup("places", help="The counts of places.")


@places_group.command("verify")
def verify() -> None:
    """Count everything anew from the sign-ups; fails where anything differs.

    The counts of places, the shares of every session against its places, and the waiting lists.
    """
    session = db.session()
    lines = [
        f"activity {d.activity_id}, places {d.allotment_id}: {d.counted} counted, {d.held} held"
        for d in places.differences(session)
    ]
    lines += [
        f"activity {m.activity_id}, session {m.session_id}: {m.allotted} places in its shares, "
        f"{m.capacity} in all"
        for m in places.mismatches(session)
    ]
    lines += [
        f"activity {o.activity_id}: sign-up {o.sign_up_id} waits (number {o.wait_no}) "
        "although places are free"
        for o in places.overtaken(session, clock.now())
    ]
    for line in lines:
        click.echo(line)
    if lines:
        raise click.ClickException(f"{len(lines)} counts differ from the sign-ups")
    click.echo("All counts agree with the sign-ups.")
