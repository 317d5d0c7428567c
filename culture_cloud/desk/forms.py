"""What staff are asked for an activity: five answers are enough, all others may be left out.

The form only reads. Dates are made from it in `dates`, the rest becomes facts in `reading`; what
publishing needs besides is known by activities.services alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    StringField,
    TextAreaField,
)

from culture_cloud.activities.models import SignUpWay
from culture_cloud.network.facts import ACCESS_FACTS
from culture_cloud.web.fields import (
    AtMost,
    Between,
    ChoiceField,
    ClockField,
    DayField,
    IdempotencyMixin,
    IsPhone,
    ListField,
    MultipleChoiceField,
    Needed,
    NumberField,
    PhoneField,
    many_lines,
    one_line,
)
from culture_cloud.web.fields import lazy as _l

ONCE, DATES, WEEKLY = "once", "dates", "weekly"

SPARE_ROWS = 3
"""Empty rows for further dates; a button gives as many again."""
MOST_ROWS = 60
MOST_PLACES = 100_000
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

NOT_A_DAY = _l("Please write the date like 2026-05-01 or 5月1日")
NOT_A_TIME = _l("Please write the time like 9:30")
TOO_LONG = _l("Please shorten this")


THINKABLE = Between(date(2000, 1, 1), date(2100, 12, 31), NOT_A_DAY)
"""Days beyond are slips of the finger; some could not even be reckoned with."""


def _day(label: str, description: str = "") -> DayField:
    return DayField(label, [THINKABLE], message=NOT_A_DAY, description=description)


def _clock(label: str, description: str = "") -> ClockField:
    return ClockField(label, message=NOT_A_TIME, description=description)


def _line(label: str, most: int, description: str = "") -> StringField:
    return StringField(label, [AtMost(most, TOO_LONG)], filters=[one_line], description=description)


class DateRow(Form):
    """A further date. Times that are left out are those of the first date."""

    day = _day(_l("Day"))
    starts = _clock(_l("Starts at"))
    ends = _clock(_l("Ends at"))

    @property
    def is_empty(self) -> bool:
        return not any(field.raw_data and str(field.raw_data[0]).strip() for field in self)


class ActivityForm(IdempotencyMixin, FlaskForm):  # type: ignore[misc]
    """An activity, as a clerk says it."""

    #: the node for which place and access were filled in beforehand
    drawn_for = HiddenField()
    version = HiddenField()
    #: the activity that is held once more: its rules are copied too
    copy_of = HiddenField()
    #: key of the poster that is stored already
    poster = HiddenField()

    node = ListField(
        _l("Which hall?"),
        [Needed(_l("Please choose the hall"))],
        message=_l("Please choose one of your halls"),
    )
    title = StringField(
        _l("What is it called?"),
        [Needed(_l("Please write what it is called")), AtMost(100, _l("Please shorten the title"))],
        filters=[one_line],
    )
    kind = ListField(_l("What kind is it?"), [Needed(_l("Please choose what kind it is"))])
    day = _day(_l("Date"))
    starts = _clock(_l("Starts at"))
    ends = _clock(_l("Ends at"), _l("May be left empty"))
    place = _line(_l("Where?"), 200, _l("The hall, a room, a square"))

    # more dates
    repeat = ChoiceField(
        _l("Does it take place again?"),
        choices=[
            (ONCE, _l("No, on this date only")),
            (DATES, _l("Yes, on the dates I write below")),
            (WEEKLY, _l("Yes, every week")),
        ],
        default=ONCE,
    )
    rows = FieldList(FormField(DateRow), label=_l("Further dates"), max_entries=MOST_ROWS)
    weekdays = MultipleChoiceField(
        _l("On which days of the week?"),
        description=_l("The day of the first date is always among them"),
    )
    until = _day(_l("Until which day?"))
    times = NumberField(
        _l("Or how many times in all?"),
        [Between(2, 200, _l("Please write a number from 2 to 200"))],
        message=_l("Please write a number, such as 10"),
    )
    skipped = TextAreaField(
        _l("Days without it"),
        [AtMost(1000, TOO_LONG)],
        filters=[many_lines],
        description=_l("Holidays, for example: one day on each line"),
    )
    last_day = _day(_l("Last day"), _l("Only for what lasts several days, such as an exhibition"))

    # sign-up
    sign_up = ChoiceField(
        _l("Do people sign up?"),
        choices=[
            (SignUpWay.NONE.value, _l("No, they just come")),
            (SignUpWay.HERE.value, _l("Yes, on this site, by phone or at the counter")),
            (SignUpWay.ELSEWHERE.value, _l("Yes, with somebody else")),
        ],
        default=SignUpWay.NONE.value,
    )
    capacity = NumberField(
        _l("How many places?"),
        [Between(1, MOST_PLACES, _l("Please write a number from 1 on"))],
        message=_l("Please write a number, such as 30"),
        description=_l("Leave it empty where everybody finds room"),
    )
    max_party = NumberField(
        _l("How many people may come on one sign-up?"),
        [Between(1, 10, _l("Please write a number from 1 to 10"))],
        message=_l("Please write a number, such as 5"),
        default=5,
    )
    course = BooleanField(_l("It is a course: one sign-up is good for all dates"))
    opens_day = _day(_l("Sign-up begins on"), _l("Leave it empty to begin at once"))
    opens_time = _clock(_l("At what time?"))
    closes_day = _day(_l("Sign-up ends on"), _l("Leave it empty to end as it starts"))
    closes_time = _clock(_l("At what time?"))
    sign_up_url = _line(_l("Address of the page where people sign up"), 500)

    # what people should know
    description = TextAreaField(
        _l("What is it about?"), [AtMost(8000, TOO_LONG)], filters=[many_lines]
    )
    fee_kind = ChoiceField(
        _l("What does it cost?"),
        choices=[("free", _l("It is free")), ("paid", _l("It costs something"))],
        default="free",
    )
    fee = _line(_l("How much?"), 300, _l("For example: 20 yuan for materials"))
    bring = _line(_l("What should people bring?"), 300)
    audiences = MultipleChoiceField(
        _l("For whom is it?"), description=_l("Choose nothing where it is for everyone")
    )
    access = MultipleChoiceField(
        _l("What makes it easier to come?"), choices=list(ACCESS_FACTS.items())
    )
    address = _line(_l("Address, where it is not in the hall"), 300)
    phone = PhoneField(
        _l("Phone for questions"),
        [IsPhone(), AtMost(60, TOO_LONG)],
        filters=[one_line],
        description=_l("Leave it empty to show the hall's number"),
    )
    teacher = _line(
        _l("Who teaches or leads it?"), 100, _l("A name; the calendar warns if planned twice")
    )
    organiser = _line(_l("Who organises it?"), 200, _l("Leave it empty where it is the hall"))
    co_organisers = _line(_l("Together with whom?"), 500)

    # poster
    picture = FileField(
        _l("Poster or photo"), description=_l("A picture from your phone, up to 10 MB")
    )
    poster_alt = _line(
        _l("What does the picture show?"), 300, _l("One sentence, for people who do not see it")
    )
    poster_gone = BooleanField(_l("Take the picture away"))

    def offer(
        self,
        *,
        nodes: Sequence[tuple[str, str]],
        kinds: Sequence[tuple[str, str]],
        audiences: Sequence[tuple[str, str]],
        weekdays: Sequence[str],
    ) -> None:
        """Give the questions their answers, by (value, label)."""
        self.node.choices = list(nodes)
        self.kind.choices = [("", _("Please choose")), *kinds]
        self.audiences.choices = list(audiences)
        self.weekdays.choices = list(zip(WEEKDAYS, weekdays, strict=True))

    def more_rows(self) -> None:
        """Further empty rows for dates."""
        for _row in range(min(SPARE_ROWS, MOST_ROWS - len(self.rows.entries))):
            self.rows.append_entry()

    @property
    def is_free(self) -> bool:
        return bool(self.fee_kind.data != "paid")

    def refuse_row(self, number: int, name: str, message: str) -> None:
        """Say it beside a field of a further date."""
        refuse(self.rows.entries[number].form[name], message)
        self.rows.errors = [entry.errors for entry in self.rows.entries]


def refuse(field: Field, message: str) -> None:
    """Say beside a field what is to be done, after the form was read."""
    field.errors = [*field.errors, message]


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """Why: said to everybody whom it concerns."""

    version = HiddenField()
    reason = StringField(
        _l("Why?"),
        [Needed(_l("Please write why, so that people understand")), AtMost(200, TOO_LONG)],
        filters=[one_line],
        description=_l("One sentence that everybody may read"),
    )

    @property
    def words(self) -> str:
        return self.reason.data or ""


class MoveForm(ReasonForm):
    """Another time for a session, and why."""

    day = DayField(
        _l("New date"),
        [Needed(_l("Please write the new date")), THINKABLE],
        message=NOT_A_DAY,
    )
    starts = ClockField(
        _l("Starts at"),
        [Needed(_l("Please write when it starts"))],
        message=NOT_A_TIME,
    )
    ends = _clock(_l("Ends at"), _l("May be left empty"))
