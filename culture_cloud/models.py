"""Every table there is, in one place, for migrations and tests."""

from __future__ import annotations

from .access import models as access
from .accounts import models as accounts
from .activities import models as activities
from .audit import models as audit
from .check_in import models as check_in
from .db import Base
from .draws import models as draws
from .feedback import models as feedback
from .follow_up import models as follow_up
from .heritage import models as heritage
from .jobs import models as jobs
from .media import models as media
from .network import models as network
from .notifications import models as notifications
from .reading import models as reading
from .reading.lending import models as lending
from .recordings import models as recordings
from .search import models as search
from .sign_ups import models as sign_ups
from .web import drafts, throttle

metadata = Base.metadata

__all__ = [
    "access",
    "accounts",
    "activities",
    "audit",
    "check_in",
    "drafts",
    "draws",
    "feedback",
    "follow_up",
    "heritage",
    "jobs",
    "lending",
    "media",
    "metadata",
    "network",
    "notifications",
    "reading",
    "recordings",
    "search",
    "sign_ups",
    "throttle",
]
