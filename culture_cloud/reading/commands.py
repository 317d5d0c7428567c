"""flask reading import: a folder of files brought in at once, with a report."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from culture_cloud import db
from culture_cloud.network.models import Node

from .intake import jobs, services
from .intake.services import Wishes
from .intake.wording import words_of
from .models import Intake, Rights

ENDINGS = {
    *(".epub", ".pdf", ".mp3", ".m4a", ".m4b", ".ogg", ".mp4", ".webm", ".zip"),
}


@click.group("reading", cls=AppGroup)
def reading_group() -> None:
    """The reading room."""


@reading_group.command("import")
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--node", "node_code", help="Code of the hall that keeps them; else the first one.")
@click.option("--publish", is_flag=True, help="Show them to readers at once.")
@click.option(
    "--rights",
    type=click.Choice([r.value for r in Rights]),
    default=Rights.LICENSED.value,
    show_default=True,
)
@with_appcontext
def import_folder(folder: Path, node_code: str | None, publish: bool, rights: str) -> None:
    """Bring in every file of FOLDER and of the folders in it; say what came of each."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

    node_id = _node_id(node_code)
    files = sorted(_files(folder))
    taken, twins, refused = 0, 0, []
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns) as progress:
        task = progress.add_task("Files", total=len(files))
        for path in files:
            outcome = bring_in(path, node_id, Wishes(publish=publish, rights=rights))
            taken += outcome == ""
            twins += outcome == "twin"
            if outcome not in {"", "twin"}:
                refused.append(f"{path.name}: {outcome}")
            progress.advance(task)
    click.echo(f"{taken} taken in, {twins} already here, {len(refused)} kept aside.")
    for line in refused:
        click.echo(f"  {line}")


def bring_in(path: Path, node_id: int, wishes: Wishes) -> str:
    """Take one file in now: "" where it became a publication, "twin" where it is here already,
    else the words for why it was kept aside."""
    with path.open("rb") as file:
        received = jobs.store().receive(file)
    if services.twin_of(db.session(), received.sha256) is not None:
        jobs.store().throw_away(received.key)
        return "twin"
    with db.transaction() as session:
        intake = services.receive(
            session,
            received,
            filename=path.name,
            node_id=node_id,
            account_id=None,
            wishes=wishes,
        )
        intake_id = intake.id
    jobs.take_in(intake_id)
    found = db.session().get_one(Intake, intake_id)
    if found.state == "refused":
        with current_app.test_request_context():
            return words_of(found.findings["list"][0])
    return ""


def _files(folder: Path) -> Iterable[Path]:
    found = [folder] if folder.is_file() else folder.rglob("*")
    return (p for p in found if p.is_file() and p.suffix.lower() in ENDINGS)


def _node_id(code: str | None) -> int:
    query = select(Node.id).order_by(Node.path).limit(1)
    if code is not None:
        query = select(Node.id).where(Node.code == code)
    found = db.session().scalar(query)
    if found is None:
        raise click.ClickException(
            f"There is no node with the code {code}." if code else "There is no hall yet."
        )
    return found
