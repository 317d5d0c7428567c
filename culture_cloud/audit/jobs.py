"""Jobs: seal what was recorded."""

from __future__ import annotations

import logging

from flask import current_app
from sqlalchemy.exc import IntegrityError

from culture_cloud import db
from culture_cloud.config import Config

from . import chain, heads

log = logging.getLogger(__name__)


def seal() -> None:
    """Every few seconds: seal what was committed lately."""
    _seal(everything=False)


def seal_all() -> None:
    """Once a day: seal also what was committed strangely late."""
    _seal(everything=True)


def _seal(*, everything: bool) -> None:
    """A head that the chain does not hold any more is kept: `flask audit verify` must find it."""
    config: Config = current_app.config["CULTURE_CLOUD"]
    with db.transaction() as session:
        try:
            kept = heads.read(config.data_folder)
        except heads.BadHead:
            log.exception("the kept audit head cannot be read")
            kept = None
        holds = kept is None or chain.digest_at(session, kept.number) == kept.digest
    sealed, more = 0, True
    while more:
        try:
            with db.transaction() as session:
                count = chain.seal(session, everything=everything)
                last = chain.head(session)
        except IntegrityError:  # another worker seals in this very moment
            return
        sealed += count
        more = count == chain.BATCH
    if not holds:
        log.error("the audit trail is shorter than it was or was changed: flask audit verify")
    elif sealed:
        heads.write(config.data_folder, last)
