"""flask notices …: how sending went."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from culture_cloud import db

from . import queries, services
from .errors import NoticeNotFailed

notices_group = AppGroup("notices", help="Messages to people.")


@notices_group.command("failed")
def failed() -> None:
    """List notices that finally failed, without saying to whom."""
    for notice in queries.failed(db.session()):
        click.echo(f"{notice.id}\t{notice.channel}\t{notice.template}\t{notice.last_error}")


@notices_group.command("send-again")
@click.argument("notice_id", type=int)
def send_again(notice_id: int) -> None:
    """Let a failed notice be sent once more."""
    try:
        with db.transaction() as session:
            services.send_again(session, notice_id)
    except NoticeNotFailed:
        raise click.ClickException("There is no failed notice with this number.") from None
    click.echo("It will be sent again.")
