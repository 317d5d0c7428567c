"""Why somebody cannot apply, or a draw cannot be set up."""

from __future__ import annotations

from datetime import datetime

from culture_cloud.errors import Refusal


class DrawRefused(Refusal):
    """What was asked of a draw is not possible now."""

    status = 409


class ApplyingNotOpenYet(DrawRefused):
    def __init__(self, opens_at: datetime) -> None:
        super().__init__()
        self.opens_at = opens_at


class ApplyingClosed(DrawRefused):
    """The time to apply is over, or the draw was called off."""


class AppliedAlready(DrawRefused):
    """One person, one application. `token` where the reader may see it."""

    def __init__(self, token: str | None) -> None:
        super().__init__()
        self.token = token


class NotWished(DrawRefused):
    """What is wished for is not in the draw (any more)."""


class CannotSetUp(DrawRefused):
    """`why` is a word: not_published, no_places, has_sign_ups, in_a_draw, asks_more,
    closes_too_late, over, too_few."""

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why


class HasApplications(DrawRefused):
    """The rules stand as soon as somebody has applied under them."""
