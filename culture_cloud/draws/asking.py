"""The way through the questions: all on one page, in elder mode one question a page (EL-13).

Every page carries all answers along, and the page before the last shows them all (ST-20).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .forms import PersonForm, Question


@dataclass(frozen=True, slots=True)
class Asking:
    """The pages of one visit."""

    questions: Sequence[Question]
    one_by_one: bool

    @property
    def pages(self) -> list[Question]:
        if self.one_by_one:
            return list(self.questions)
        return [tuple(name for question in self.questions for name in question)]

    @property
    def steps(self) -> int:
        """All pages, the one that shows the answers included."""
        return len(self.pages) + 1

    def page_of(self, name: str) -> Question:
        return next((page for page in self.pages if name in page), self.pages[0])

    def step_of(self, page: Question) -> int:
        return self.pages.index(page) + 1

    def before(self, page: Question) -> str | None:
        """A question of the page before."""
        place = self.pages.index(page)
        return self.pages[place - 1][0] if place else None


def failed(form: PersonForm, asking: Asking) -> list[str]:
    """The questions whose answer is missing or cannot be used, in order."""
    return [name for page in asking.pages for name in page if form[name].errors]


def forget_errors(form: PersonForm, *, but: Question = ()) -> None:
    """Questions that were not asked yet are not answered wrongly."""
    for field in form:
        if field.name not in but:
            field.errors = []
