"""flask demo …: invented counties, to look at and to measure on."""

from __future__ import annotations

import click
from flask.cli import AppGroup, with_appcontext

from culture_cloud import clock, db, migrations

from . import county, readings, scale, welcome

NOT_EMPTY = "This site is not empty; invented data is written into an empty one only."


@click.group("demo", cls=AppGroup, invoke_without_command=True)
@click.option(
    "--scale",
    "activities",
    type=click.IntRange(min=1),
    help="Make a county of so many activities, to measure on.",
)
@click.pass_context
@with_appcontext
def demo_group(context: click.Context, activities: int | None) -> None:
    """Invented counties, into an empty site only."""
    if activities is not None:
        _make_county(activities)
    elif context.invoked_subcommand is None:
        click.echo(context.get_help())


@demo_group.command("load")
def load() -> None:
    """Put in the demo county 木棉渡县, with dates around today."""
    migrations.upgrade(db.database())
    try:
        county.load_county()
        readings.add(clock.now())
    except county.CountyNotEmpty:
        raise click.ClickException(NOT_EMPTY) from None
    click.echo(
        "\n".join(
            ["演示县已载入 / The demo county is loaded.", *welcome.account_lines(db.session())]
        )
    )


def _make_county(activities: int) -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

    migrations.upgrade(db.database())
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns) as progress:
            task = progress.add_task("Activities", total=activities)
            made = scale.make_county(
                activities, on_progress=lambda done: progress.update(task, completed=done)
            )
    except county.CountyNotEmpty:
        raise click.ClickException(NOT_EMPTY) from None
    click.echo(
        f"{made.nodes} nodes, {made.activities} activities, {made.sessions} sessions,"
        f" {made.agenda} agenda entries, {made.sign_ups} sign-ups."
    )
