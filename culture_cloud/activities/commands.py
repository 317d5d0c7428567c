"""flask activities …: bring activities in from files."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from culture_cloud import db
from culture_cloud.tabular import FileNotReadable
from culture_cloud.tabular.sheets import MAX_BYTES
from culture_cloud.web.words import site_zone

from . import queries
from .importing import services
from .importing.mapping import FeedMapping, read_mapping
from .importing.planning import Terms, plan
from .importing.plans import ImportPlan, PlannedRow, Showing, Step
from .importing.wording import reason_words, row_words, step_words

activities_group = AppGroup("activities", help="Activities.")

LONG = 500
"""From so many rows on a bar shows how far it is."""


@activities_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--node", "code", required=True, help="Code of the node that keeps the list.")
@click.option("--mapping", help="Name of a mapping of JSON feeds, or a file with one.")
@click.option("--publish/--draft", default=False, help="Show new activities at once.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
def import_file(file: Path, code: str, mapping: str | None, publish: bool, dry_run: bool) -> None:
    """Import activities from FILE: a workbook, CSV, calendar (.ics) or JSON feed."""
    node = queries.node_by_code(db.session(), code)
    if node is None:
        raise click.ClickException(_("There is no place with the code %(code)s.", code=code))
    node_id, zone = node.id, site_zone()
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        read = services.read(data, file.name, zone=zone, mapping=_mapping(mapping))
    except FileNotReadable as error:
        raise click.ClickException(reason_words(error.reason)) from None
    terms = Terms(origin=read.origin, showing=Showing.PUBLISH if publish else Showing.DRAFT)
    if dry_run:
        _report(plan(db.session(), read.parsed, node_id=node_id, zone=zone, terms=terms))
        click.echo(_("This was a trial: nothing was written."))
        return
    with db.transaction() as session:
        planned = plan(session, read.parsed, node_id=node_id, zone=zone, terms=terms)
        is_short = len(planned.rows) < LONG
        with click.progressbar(length=len(planned.rows), hidden=is_short, file=sys.stderr) as bar:
            done = services.apply(session, planned, by_account_id=None, progress=bar.update)
    _report(planned, done.rows)


def _mapping(name: str | None) -> FeedMapping | str | None:
    """A mapping's name, or the mapping in a file. Raises FileNotReadable."""
    if name is None or not Path(name).is_file():
        return name
    try:
        document = json.loads(Path(name).read_text(encoding="utf-8"))
    except ValueError as error:
        raise click.ClickException(_("The mapping is no JSON: %(what)s", what=error)) from None
    return read_mapping(document)


def _report(planned: ImportPlan, rows: tuple[PlannedRow, ...] | None = None) -> None:
    shown = planned.rows if rows is None else rows
    for line in _lines(shown):
        click.echo(line)
    for note in (*planned.notes, *planned.skipped):
        click.echo(f"{note.source_ref}: {reason_words(note.reason)}")
    counts = {step: sum(row.step is step for row in shown) for step in Step}
    click.echo(
        _(
            "%(created)d new, %(changed)d changed, %(unchanged)d unchanged, %(refused)d left out.",
            created=counts[Step.CREATE],
            changed=counts[Step.CHANGE],
            unchanged=counts[Step.UNCHANGED],
            refused=counts[Step.REFUSED],
        )
    )


def _lines(rows: tuple[PlannedRow, ...]) -> Iterator[str]:
    for row in rows:
        if row.step is Step.UNCHANGED:
            continue
        what = "; ".join(row_words(row))
        title = f" {row.title}" if row.title else ""
        yield f"{step_words(row.step)} {row.source_ref}{title}" + (f": {what}" if what else "")
