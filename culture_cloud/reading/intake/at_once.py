"""Files of our own taken in at once, in the caller's transaction: the demo, and tests.

A stranger's file never comes this way: it is opened in a process of its own (intake.process).
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.orm import Session

from culture_cloud.media import services as media_services
from culture_cloud.media import serving
from culture_cloud.media.sniffing import BY_MEDIA_TYPE
from culture_cloud.reading.models import Intake, Publication

from . import services
from .jobs import store
from .making import make
from .services import Wishes


def take_in_at_once(
    session: Session, path: Path, *, node_id: int, wishes: Wishes, filename: str = ""
) -> tuple[Intake, Publication | None]:
    """The intake, and the publication it became; None where it was refused."""
    kept = store()
    with path.open("rb") as file:
        received = kept.receive(file)
    intake = services.receive(
        session,
        received,
        filename=filename or path.name,
        node_id=node_id,
        account_id=None,
        wishes=wishes,
        ask_worker=False,
    )
    result = make(kept.waiting(received.key), kept.making(received.key))
    if result.refused is not None:
        kept.keep_aside(received.key)
        services.refuse(session, intake.id, result)
        return intake, None
    kind = BY_MEDIA_TYPE[result.facts["media_type"]]
    original = serving.store().adopt(kept.waiting(received.key), kind)
    media_services.record(session, original)
    publication = services.accept(session, intake.id, result)
    kept.settle(received.key, publication.id)
    return intake, publication
