"""The way through the questions: all on one page, in elder mode one question a page (EL-13).

Every page carries all answers along, so that any of them can be gone back to, and the page before
the last shows them all (ST-20).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .eligibility import refusal_of
from .errors import SessionFull
from .forms import GUARDIAN, SignUpForm, fields_of
from .offers import Offer

MOST_DATES = 12
"""How many dates one chooses from; the activity's page has them all."""


def is_open(offer: Offer) -> bool:
    return refusal_of(offer) is None


def can_be_asked_for(offer: Offer, *, may_wait: bool) -> bool:
    """Whether questions make sense: places are left, or the person agreed to wait for some."""
    refusal = refusal_of(offer)
    return refusal is None or (may_wait and isinstance(refusal, SessionFull) and refusal.may_wait)


def chosen(offers: Sequence[Offer]) -> Offer | None:
    """What is meant where nothing was said: the only one, or the only one that is open.

    Where nothing is open the next one is meant, and its page says why. None: it must be asked.
    """
    open_ones = [offer for offer in offers if is_open(offer)]
    if len(offers) == 1:
        return offers[0]
    if len(open_ones) > 1:
        return None
    if open_ones:
        return open_ones[0]
    return next((o for o in offers if o.stand not in {"over", "cancelled"}), offers[-1])


def dates_to_choose(offers: Sequence[Offer], picked: Offer | None) -> list[Offer]:
    """The next open dates, and the one already picked wherever it is."""
    found = [offer for offer in offers if is_open(offer)][:MOST_DATES]
    if picked is not None and picked not in found and len(offers) > 1:
        found.append(picked)
    return sorted(found, key=lambda offer: offer.starts_at)


@dataclass(frozen=True, slots=True)
class Flow:
    """The pages of one visit."""

    one_by_one: bool
    #: all questions, those that the link or the account answered among them
    questions: tuple[str, ...]
    #: questions whose answer is not known beforehand
    asked: tuple[str, ...]

    @property
    def steps(self) -> int:
        """All pages, the check page included."""
        return (len(self.asked) if self.one_by_one else 1) + 1

    def page_of(self, question: str) -> tuple[str, ...]:
        """The questions that stand on one page with this one."""
        if self.one_by_one or question == GUARDIAN:
            return (question,)
        return tuple(
            name for name in self.questions if name != "session" or "session" in self.asked
        )

    def step_of(self, page: tuple[str, ...]) -> int:
        if not self.one_by_one or page[0] not in self.asked:
            return 1 if not self.one_by_one else len(self.asked)
        return self.asked.index(page[0]) + 1

    def before(self, page: tuple[str, ...]) -> str | None:
        """The question that was asked on the page before."""
        if not self.one_by_one or page[0] not in self.asked:
            return None
        place = self.asked.index(page[0])
        return self.asked[place - 1] if place else None


def flow(
    questions: Sequence[str],
    *,
    elder: bool,
    several_dates: bool,
    is_dated: bool,
    is_known: bool,
) -> Flow:
    """`questions` are those of the form; `is_dated`: the link named one of the dates; `is_known`:
    name and phone stand in the account.

    Elder mode asks neither again, nor the names of companions, so that it is at most four steps
    from the link of a date, and two for whoever is signed in (EL-14).
    """
    asked = [name for name in questions if name != "session" or several_dates]
    if elder:
        known = {"companions"}
        known |= {"session"} if is_dated else set()
        known |= {"name", "phone"} if is_known else set()
        asked = [name for name in asked if name not in known]
    return Flow(one_by_one=elder, questions=tuple(questions), asked=tuple(asked))


def failed(form: SignUpForm) -> list[str]:
    """The questions whose answer is missing or cannot be used, in order."""
    return [
        question
        for question in form.questions
        if any(form[name].errors for name in fields_of(question))
    ]


def forget_errors(form: SignUpForm) -> None:
    """Questions that were not asked yet are not answered wrongly."""
    for field in form:
        field.errors = []
