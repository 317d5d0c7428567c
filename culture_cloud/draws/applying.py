"""Where applications come in: read first, then one short transaction, taken late."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from culture_cloud import db

from . import services
from .errors import AppliedAlready
from .services import Wanted

ATTEMPTS = 4


def apply(wanted: Wanted) -> str:
    """Apply, and return the token of the application's page; the same wish again leads to the
    same application, even at the same moment. Raises as services.examine does."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            earlier = services.examine(db.session(), wanted)
        except AppliedAlready:
            # it may be this wish's own twin that was written while this one was looking
            db.release_reads()
            earlier = services.examine(db.session(), wanted)
        if earlier is not None:
            return earlier.token
        try:
            with db.transaction() as session:
                return services.apply(session, wanted).token
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("the last attempt either returns or raises")
