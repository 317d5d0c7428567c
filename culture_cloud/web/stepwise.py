"""One form, two ways through it: all questions on one page, or one question a page (EL-13).

The same handler serves both, so that no rule exists twice. Each page carries the answers of the
others in hidden fields, so Back works; the server keeps them too (web.drafts), so that closing the
window loses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict
from wtforms import Form, PasswordField

Page = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Steps:
    """The pages of one visit to a form."""

    questions: Page
    one_by_one: bool
    #: whether a page shows all answers once more before they are sent (ST-20)
    has_check: bool = True
    #: questions that share a page with the one before them even when asked one by one
    together: frozenset[str] = frozenset()

    @property
    def pages(self) -> tuple[Page, ...]:
        if not self.one_by_one:
            return (self.questions,)
        pages: list[Page] = []
        for name in self.questions:
            if name in self.together and pages:
                pages[-1] = (*pages[-1], name)
            else:
                pages.append((name,))
        return tuple(pages)

    @property
    def count(self) -> int:
        """All pages, the check page included."""
        return len(self.pages) + self.has_check

    def page_of(self, question: str) -> Page:
        return next((page for page in self.pages if question in page), self.pages[0])

    def number_of(self, page: Page) -> int:
        """Which step a page is, counted from 1."""
        return self.pages.index(page) + 1

    def before(self, page: Page) -> str | None:
        """A question of the page before; None on the first."""
        place = self.pages.index(page)
        return self.pages[place - 1][0] if place else None


@dataclass(frozen=True, slots=True)
class Turn:
    """What to show next: a page of questions, the check page (no page), or that all is said."""

    page: Page | None = None
    failed: bool = False
    is_done: bool = False


def turn(steps: Steps, form: Form, sent: MultiDict[str, str]) -> Turn:
    """Read what was sent and say where it leads. Faults of questions that were not asked yet are
    none: their page comes next instead."""
    change = sent.get("change", "")
    if change in steps.questions:
        return Turn(steps.page_of(change))
    form.validate()
    wrong = [name for name in steps.questions if form[name].errors]
    confirmed, asked = "confirm" in sent, tuple(sent.getlist("asked"))
    # a form that stands on one page and does not say what it asked, asked all of it
    seen = asked if not confirmed and (asked or steps.one_by_one) else steps.questions
    mine = [name for name in wrong if name in seen]
    if mine:
        forget_errors(form, except_for=steps.page_of(mine[0]))
        return Turn(steps.page_of(mine[0]), failed=True)
    if wrong:
        forget_errors(form)
        return Turn(steps.page_of(wrong[0]))
    following = _following(steps, sent.getlist("asked"))
    if following is not None and not confirmed and "all" not in sent:
        return Turn(following)
    return Turn(is_done=confirmed or not steps.has_check)


def _following(steps: Steps, asked: Sequence[str]) -> Page | None:
    """The page after the one that was just answered, where one is left: questions that may be left
    empty are asked too."""
    if not asked or asked[-1] not in steps.questions:
        return None
    place = steps.number_of(steps.page_of(asked[-1]))
    return steps.pages[place] if place < len(steps.pages) else None


def carried(form: Form, steps: Steps, page: Page) -> list[tuple[str, str]]:
    """Name and text of the answers that other pages asked for, for hidden fields. Passwords are
    typed on the page that sends them and travel no further."""
    others = [form[name] for name in steps.questions if name not in page]
    return [(f.name, f.data or "") for f in others if not isinstance(f, PasswordField)]


def forget_errors(form: Form, *, except_for: Page = ()) -> None:
    """What was not asked yet is not answered wrongly."""
    for field in form:
        if field.name not in except_for:
            field.errors = []
