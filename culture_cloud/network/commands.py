"""flask network …: bring the network in, say what the site is called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from culture_cloud import db
from culture_cloud.tabular import Reason

from . import services
from .facts import FIELD_NAMES, LINES
from .hours import Span
from .importing import Change, Fault, ImportRefused, Plan, read_file
from .importing.faults import BadValue
from .importing.files import MAX_BYTES
from .importing.values import text
from .models import Network

group = AppGroup("network", help="The tree of halls, branches and service points.")

SHOWN_VALUE = 40


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--one-hall", is_flag=True, help="Divisions: one main hall for both lines.")
def import_file(file: Path, dry_run: bool, one_hall: bool) -> None:
    """Import nodes from FILE: JSON of a network or of administrative divisions, XLSX, CSV."""
    try:
        with file.open("rb") as stream:
            found = read_file(stream.read(MAX_BYTES + 1), one_hall=one_hall)
        if dry_run:
            planned = services.plan_import(db.session(), found)
        else:
            with db.transaction() as session:
                planned = services.import_network(session, found)
    except ImportRefused as refused:
        for fault in refused.faults:
            click.echo(fault_words(fault), err=True)
        raise click.ClickException(_("Nothing was imported.")) from None
    for line in report(planned):
        click.echo(line)
    if dry_run:
        click.echo(_("This was a trial: nothing was written."))


@group.command("site")
@click.option("--name", help="What the site is called.")
@click.option("--county", help="The county or city as people say it.")
@click.option("--phone", help="The help line on every page.")
@click.option("--sms-phone", help="The number for text messages.")
@click.option("--phone-hours", help="When somebody answers, in words.")
def describe_site(**given: str | None) -> None:
    """Set the name and the help line of the site; without options, show them."""
    columns = {"name": "site_name", "county": "name"}
    try:
        facts = {
            columns.get(key, key): text(Network, columns.get(key, key), value)
            for key, value in given.items()
            if value is not None
        }
    except BadValue as error:
        raise click.ClickException(reason_words(error.reason)) from None
    if facts:
        with db.transaction() as session:
            services.describe_site(session, facts)
    for name, value in services.site_facts(db.session()).items():
        click.echo(f"{FIELD_NAMES[name]}: {value}")


def reason_words(reason: Reason) -> str:
    """The reason in the reader's language."""
    return str(_(reason.msgid, **reason.params))


def fault_words(fault: Fault) -> str:
    """Row 7 (南昏村): its parent 530428009 is neither in the file nor on this site."""
    said = reason_words(fault.reason)
    if fault.row is None:
        return said
    if fault.who:
        return str(_("Row %(row)d (%(who)s): %(what)s", row=fault.row, who=fault.who, what=said))
    return str(_("Row %(row)d: %(what)s", row=fault.row, what=said))


def report(planned: Plan) -> list[str]:
    """What the import did, or would do, line by line."""
    lines = [
        _(
            "Nodes: %(created)d new, %(changed)d changed, %(unchanged)d unchanged.",
            created=len(planned.created),
            changed=len(planned.changed),
            unchanged=planned.unchanged,
        )
    ]
    lines.extend(change_words(change) for change in planned.network_changes)
    if planned.levels_changed:
        names = "、".join(level.name for level in planned.after.levels)
        lines.append(_("Levels: %(names)s", names=names))
    lines.extend(
        _("New: %(code)s %(name)s", code=code, name=_plate(planned, code))
        for code in planned.created
    )
    for node in planned.changed:
        changes = "; ".join(change_words(change) for change in node.changes)
        lines.append(
            _("Changed: %(code)s %(name)s: %(what)s",
              code=node.code, name=node.plate_name, what=changes)
        )  # fmt: skip
    if planned.unused:
        lines.append(_("Columns not used: %(names)s", names="、".join(planned.unused)))
    return [str(line) for line in lines]


def _plate(planned: Plan, code: str) -> str:
    return str(planned.after.nodes[code]["plate_name"])


def change_words(change: Change) -> str:
    """Phone: 0877-5550101 → 0877-5550102."""
    field = FIELD_NAMES[change.name]
    return f"{field}: {_value_words(change.before)} → {_value_words(change.after)}"


def _value_words(value: Any) -> str:
    if value in (None, "", [], ()):
        return str(_("nothing"))
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, Span):
        return f"{value.opens:%H:%M}-{value.closes:%H:%M}"
    if isinstance(value, (list, tuple)):
        shown = ", ".join(_value_words(item) for item in value)
    else:
        shown = " ".join(str(LINES.get(value, value)).split())
    return shown if len(shown) <= SHOWN_VALUE else shown[:SHOWN_VALUE] + "…"
