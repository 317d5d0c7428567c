"""What staff are asked about places and rules: all may be left as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, TypedDict

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, StringField

from culture_cloud.activities.models import AllotmentKind
from culture_cloud.activities.questions import MOST_QUESTIONS, Question, QuestionKind
from culture_cloud.activities.rules import Rules
from culture_cloud.activities.shares import RELEASE_HOURS, Share
from culture_cloud.web.fields import (
    AtMost,
    Between,
    DayField,
    ListField,
    MultipleChoiceField,
    NumberField,
    one_line,
)
from culture_cloud.web.fields import lazy as _l
from culture_cloud.web.moments import at
from culture_cloud.web.words import local

from .forms import NOT_A_DAY, THINKABLE, TOO_LONG
from .reading import END_OF_DAY

MOST_SHARES = 6
SPARE_ROWS = 2
NOT_A_NUMBER = _l("Please write a number")


def _number(label: str, least: int, most: int, description: str = "") -> NumberField:
    return NumberField(
        label,
        [Between(least, most, _l("Please write a smaller or larger number"))],
        message=NOT_A_NUMBER,
        description=description,
    )


def _line(label: str, most: int, description: str = "") -> StringField:
    return StringField(label, [AtMost(most, TOO_LONG)], filters=[one_line], description=description)


def _first_day() -> DayField:
    return DayField(
        _l("Can be taken from this day on"),
        [THINKABLE],
        message=NOT_A_DAY,
        description=_l("Leave it empty to begin when sign-up begins"),
    )


def _last_day() -> DayField:
    return DayField(
        _l("Can be taken up to this day"),
        [THINKABLE],
        message=NOT_A_DAY,
        description=_l("Leave it empty to end when sign-up ends"),
    )


class BranchRow(Form):
    """Places for one branch's people."""

    node = ListField(_l("Branch"))
    places = _number(_l("Places"), 0, 100_000)
    opens = _first_day()
    closes = _last_day()


class CustomRow(Form):
    """Places that staff give themselves."""

    name = _line(_l("For whom?"), 40)
    places = _number(_l("Places"), 0, 100_000)
    opens = _first_day()
    closes = _last_day()


class QuestionRow(Form):
    """One own question; an empty one is left out."""

    key = HiddenField()
    label = _line(_l("Question"), 120)
    kind = ListField(
        _l("Kind of answer"),
        choices=[
            (QuestionKind.TEXT.value, _l("Words")),
            (QuestionKind.CHOICE.value, _l("One of several answers")),
            (QuestionKind.NUMBER.value, _l("A number")),
            (QuestionKind.YES_NO.value, _l("Yes or no")),
        ],
        default=QuestionKind.TEXT.value,
    )
    choices = _line(_l("Answers to choose from, with commas between"), 300)
    needed = BooleanField(_l("Must be answered"))


class RulesForm(FlaskForm):  # type: ignore[misc]
    """How places are split, and what is asked of those who sign up."""

    version = HiddenField()
    elders = _number(
        _l("Places kept for people of 60 and over"),
        0,
        100_000,
    )
    elders_opens = _first_day()
    elders_closes = _last_day()
    walk_in = _number(_l("Places kept for people who come without signing up"), 0, 100_000)
    release = _number(
        _l("How many hours before the start do kept places open to all?"),
        1,
        720,
        _l("Leave it empty to keep them until the end. Places for walk-ins are always kept."),
    )
    branches = FieldList(FormField(BranchRow), label=_l("Places for branches"))
    custom = FieldList(FormField(CustomRow), label=_l("Other places that you give yourselves"))

    waiting = BooleanField(_l("People may wait where all places are taken"))
    confirm_hours = _number(
        _l("Hours in which somebody who waited must confirm"),
        1,
        168,
        _l("Leave it empty to give the place at once"),
    )
    review = BooleanField(_l("We look at every sign-up before it holds"))
    once_per_activity = BooleanField(_l("Each person signs up for one date only"))

    min_age = _number(_l("From which age?"), 0, 120)
    max_age = _number(_l("Up to which age?"), 0, 120)
    ask_ages = BooleanField(_l("Ask the age of everybody who comes"))
    residence = MultipleChoiceField(
        _l("Only for people from"), description=_l("Choose nothing where it is for everyone")
    )
    group_name = _line(_l("Only for members of"), 60, _l("Leave it empty where it is for everyone"))

    no_show_limit = _number(
        _l("Who did not come so often waits first"),
        1,
        20,
        _l("Leave it empty for no such rule. It never bars anybody from elders' places."),
    )
    no_show_days = _number(_l("Within how many days?"), 1, 730)
    proxy_limit = _number(_l("For how many people may one person sign up here?"), 1, 100)
    id_law = _line(
        _l("Law that asks for an ID number"),
        120,
        _l("Only if a law demands it. Leave it empty and no ID number is asked."),
    )
    questions = FieldList(FormField(QuestionRow), label=_l("Own questions"))

    def offer_nodes(self, nodes: Sequence[tuple[str, str]]) -> None:
        """Give the rows for branches, and the places where people live, their answers."""
        for entry in self.branches.entries:
            entry.form.node.choices = [("", _("Nobody")), *nodes]
        self.residence.choices = list(nodes)

    def rules(self, capacity: int | None, codes: dict[int, str]) -> Rules | None:
        """The rules as typed values; None where something is to be looked at again."""
        self.validate()
        shares = list(self._shares(codes))
        if sum(share.places for share in shares) > (capacity or 0):
            self.elders.errors = [
                *self.elders.errors,
                _("More places are kept than there are")
                if capacity is not None
                else _("Places can only be kept where there is a number of places"),
            ]
        if (
            self.min_age.data is not None
            and self.max_age.data is not None
            and self.min_age.data > self.max_age.data
        ):
            self.max_age.errors = [*self.max_age.errors, _("This is below the first age")]
        for rows in (self.branches, self.custom):
            if any(entry.errors for entry in rows.entries):  # what was judged with the shares
                rows.errors = [entry.errors for entry in rows.entries]
        questions = tuple(self._questions())
        if self.errors:
            return None
        return Rules(
            shares=tuple(shares),
            waiting=self.waiting.data,
            confirm_hours=self.confirm_hours.data,
            review=self.review.data,
            min_age=self.min_age.data,
            max_age=self.max_age.data,
            ask_ages=self.ask_ages.data,
            residence_node_ids=tuple(int(value) for value in self.residence.data or ()),
            group_name=self.group_name.data or "",
            once_per_activity=self.once_per_activity.data,
            no_show_limit=self.no_show_limit.data,
            no_show_days=self.no_show_days.data or 120,
            id_law=self.id_law.data or "",
            questions=questions,
            proxy_limit=self.proxy_limit.data or 5,
        )

    def _shares(self, codes: dict[int, str]) -> Iterator[Share]:
        hours = self.release.data
        if self.elders.data:
            yield Share(
                kind=AllotmentKind.ELDERS,
                places=self.elders.data,
                release_hours=hours,
                **_window(self.elders_opens, self.elders_closes),
            )
        if self.walk_in.data:
            yield Share(kind=AllotmentKind.WALK_IN, places=self.walk_in.data)
        seen: set[str] = set()
        for entry in self.branches.entries:
            node, places = entry.form.node.data, entry.form.places.data
            if node and places and node not in seen:
                seen.add(node)
                yield Share(
                    kind=AllotmentKind.BRANCH,
                    places=places,
                    name=codes[int(node)],
                    node_id=int(node),
                    release_hours=hours,
                    **_window(entry.form.opens, entry.form.closes),
                )
        for own in self.custom.entries:
            name, places = own.form.name.data, own.form.places.data
            if name and places and name not in seen:
                seen.add(name)
                yield Share(
                    kind=AllotmentKind.CUSTOM,
                    places=places,
                    name=name,
                    release_hours=hours,
                    **_window(own.form.opens, own.form.closes),
                )

    def _questions(self) -> Iterator[Question]:
        used = {entry.form.key.data for entry in self.questions.entries}
        fresh = (f"q{n}" for n in range(1, 100) if f"q{n}" not in used)
        for entry in self.questions.entries:
            row = entry.form
            if not row.label.data:
                continue
            choices = tuple(
                part.strip()
                for part in (row.choices.data or "")
                .replace("，", ",")
                .replace("、", ",")
                .split(",")
                if part.strip()
            )
            if row.kind.data == QuestionKind.CHOICE and len(choices) < 2:
                row.choices.errors = [_("Please write at least two answers")]
                self.questions.errors = [e.errors for e in self.questions.entries]
            yield Question(
                key=_key(row.key.data) or next(fresh),
                kind=QuestionKind(row.kind.data or QuestionKind.TEXT),
                label=row.label.data,
                choices=choices if row.kind.data == QuestionKind.CHOICE else (),
                needed=row.needed.data,
            )


class _Window(TypedDict):
    opens_at: datetime | None
    closes_at: datetime | None


def _window(opens: DayField, closes: DayField) -> _Window:
    """From the beginning of the first day to the end of the last one."""
    if opens.data and closes.data and closes.data < opens.data:
        closes.errors = [*closes.errors, _("This is before the first day")]
    return {
        "opens_at": at(opens.data, time()) if opens.data else None,
        "closes_at": at(closes.data, END_OF_DAY) if closes.data else None,
    }


def _days(share: Share | None) -> dict[str, date | None]:
    """The window of a share in the form's fields."""
    return {
        "opens": local(share.opens_at).date() if share and share.opens_at else None,
        "closes": local(share.closes_at).date() if share and share.closes_at else None,
    }


def _key(text: str | None) -> str | None:
    """The key of a question that was there before."""
    return text if text and re.fullmatch(r"q\d{1,3}", text, re.ASCII) else None


def data_of(rules: Rules) -> dict[str, Any]:
    """What the form's fields hold for these rules, with some empty rows."""
    by_kind = {share.kind: share for share in rules.shares}
    elders, walk_in = by_kind.get(AllotmentKind.ELDERS), by_kind.get(AllotmentKind.WALK_IN)
    of = {k: [s for s in rules.shares if s.kind == k] for k in AllotmentKind}
    hours = next((s.release_hours for s in rules.shares if s.release_hours), None)
    return {
        "elders": elders.places if elders else None,
        **{f"elders_{name}": day for name, day in _days(elders).items()},
        "walk_in": walk_in.places if walk_in else None,
        "release": hours if rules.shares else RELEASE_HOURS,
        "branches": [
            *(
                {"node": str(s.node_id), "places": s.places, **_days(s)}
                for s in of[AllotmentKind.BRANCH]
            ),
            *[{} for _row in range(SPARE_ROWS)],
        ][:MOST_SHARES],
        "custom": [
            *({"name": s.name, "places": s.places, **_days(s)} for s in of[AllotmentKind.CUSTOM]),
            *[{} for _row in range(SPARE_ROWS)],
        ][:MOST_SHARES],
        "waiting": rules.waiting,
        "confirm_hours": rules.confirm_hours,
        "review": rules.review,
        "once_per_activity": rules.once_per_activity,
        "min_age": rules.min_age,
        "max_age": rules.max_age,
        "ask_ages": rules.ask_ages,
        "residence": [str(node_id) for node_id in rules.residence_node_ids],
        "group_name": rules.group_name,
        "no_show_limit": rules.no_show_limit,
        "no_show_days": rules.no_show_days,
        "proxy_limit": rules.proxy_limit,
        "id_law": rules.id_law,
        "questions": [
            *(
                {
                    "key": q.key,
                    "label": q.label,
                    "kind": str(q.kind),
                    "choices": _(", ").join(q.choices),
                    "needed": q.needed,
                }
                for q in rules.questions
            ),
            *[{} for _row in range(SPARE_ROWS)],
        ][:MOST_QUESTIONS],
    }
