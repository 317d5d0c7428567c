"""Where wishes for places come in: read first, then one short transaction, taken late."""

from __future__ import annotations

import logging

from sqlalchemy.exc import IntegrityError

from culture_cloud import db

from .errors import SignUpRefused
from .requests import SignUpRequest
from .services import SignUpResult, answered_before, examine, expect_places, give_places

log = logging.getLogger(__name__)

ATTEMPTS = 4


def sign_up(request: SignUpRequest) -> SignUpResult:
    """Sign up: the same request again leads to the same sign-up, even at the same moment.

    A refusal holds only if the same request was not granted while this one was looking: its own
    twin may be the person who is signed up already, or who took the last place. Raises as
    services.examine does.
    """
    try:
        return _sign_up(request)
    except SignUpRefused:
        db.release_reads()
        earlier = answered_before(db.session(), request)
        if earlier is None:
            raise
        return earlier


def _sign_up(request: SignUpRequest) -> SignUpResult:
    """Who is refused by reading never waits for the write lock. Where the key, the person or the
    number was written by somebody else meanwhile, the constraint undoes everything and the next
    look, a closer one, finds it."""
    way = expect_places(db.session(), request)
    attempt = 1
    while True:
        found = way or examine(db.session(), request)
        if isinstance(found, SignUpResult):
            return found
        try:
            with db.transaction() as session:
                return give_places(session, request, found)
        except IntegrityError:
            log.info("sign-up met another one", extra={"attempt": attempt})
            if attempt == ATTEMPTS:
                raise
            way = None
            attempt += 1
