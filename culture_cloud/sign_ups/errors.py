"""What the rules of signing up refuse: one class per fact, each with what the page needs to say."""

from __future__ import annotations

from datetime import datetime

from culture_cloud.errors import Refusal


class SignUpRefused(Refusal):
    """A sign-up that cannot be taken; its page says why and what to do instead (ST-17)."""


class NotOnline(SignUpRefused):
    """No places are given here: people just come, or somebody else gives them."""


class PlacesByLot(SignUpRefused):
    """A draw gives the places: people apply for it on the page of the activity (see draws)."""


class SignUpNotOpenYet(SignUpRefused):
    """It opens later, for every channel at the same moment."""

    def __init__(self, opens_at: datetime) -> None:
        super().__init__(opens_at.isoformat())
        self.opens_at = opens_at


class SignUpClosed(SignUpRefused):
    """The time for signing up has passed."""


class SessionFull(SignUpRefused):
    """Fewer places are left than asked for; `left` may be 0.

    `may_wait` says whether there is a waiting list, `waiting` how many people stand on it.
    """

    def __init__(self, left: int, *, may_wait: bool = False, waiting: int = 0) -> None:
        super().__init__(f"{left} places left")
        self.left = left
        self.may_wait = may_wait
        self.waiting = waiting


class SessionCancelled(SignUpRefused):
    """It does not take place."""


class SessionOver(SignUpRefused):
    """It has taken place."""


class TooManyInParty(SignUpRefused):
    """One sign-up may not bring so many; `most` counts the person too."""

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most}")
        self.most = most


class AlreadySignedUp(SignUpRefused):
    """This person has places here already.

    A typed name and phone prove nothing, so `token` (which opens the ticket) is given only where
    the account that signed up asks; everybody else finds the ticket by phone and number.
    """

    def __init__(self, token: str | None) -> None:
        super().__init__("one person, one sign-up")
        self.token = token


class TooLateToCancel(SignUpRefused):
    """It has begun: the list at the door stands."""


class NotEligible(SignUpRefused):
    """It is for others: `why` is "age", "residence" or "group"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class GuardianNeeded(SignUpRefused):
    """A child under fourteen comes, and no guardian has agreed (PIPL art. 31)."""


class TooManyProxied(SignUpRefused):
    """One proxy signs up for at most `most` people here."""

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most}")
        self.most = most


class OfferEnded(SignUpRefused):
    """The time to take the offered places has passed."""


class WrongState(SignUpRefused):
    """The step does not lead from the state the sign-up is in."""
