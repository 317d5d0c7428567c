"""What staff say of a draw or a season."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import ValidationError

from culture_cloud.draws.forms import DrawForm, WishForm
from culture_cloud.draws.models import Draw
from culture_cloud.draws.services import DrawFacts
from culture_cloud.draws.weights import MOST_FURTHER, Weights
from culture_cloud.sign_ups.models import Channel
from culture_cloud.web.fields import (
    AtMost,
    Between,
    ChoiceField,
    ClockField,
    DayField,
    ListField,
    MultipleChoiceField,
    Needed,
    NumberField,
    many_lines,
    one_line,
)
from culture_cloud.web.fields import lazy as _l
from culture_cloud.web.moments import at
from culture_cloud.web.words import local

from .forms import NOT_A_DAY, NOT_A_TIME, THINKABLE, TOO_LONG

_FEW = _l("Please write a number from 0 to 5")
_NUMBER = _l("Please write a number, such as 1")


def _slips(label: str) -> NumberField:
    return NumberField(label, [Between(0, MOST_FURTHER, _FEW)], message=_NUMBER, default=0)


class DrawRulesForm(FlaskForm):  # type: ignore[misc]
    """When people apply, and who has more slips."""

    opens_day = DayField(
        _l("Applying begins on"),
        [THINKABLE],
        message=NOT_A_DAY,
        description=_l("Leave it empty to begin at once"),
    )
    opens_time = ClockField(_l("At what time?"), message=NOT_A_TIME)
    closes_day = DayField(
        _l("Applying ends on"),
        [Needed(_l("Please write until when people can apply")), THINKABLE],
        message=NOT_A_DAY,
        description=_l("The draw is held at this moment, by itself"),
    )
    closes_time = ClockField(
        _l("At what time?"),
        [Needed(_l("Please write the time, such as 18:00"))],
        message=NOT_A_TIME,
        default=time(18),
    )
    first_time = _slips(_l("More slips for who never came to an activity of this hall"))
    elders = _slips(_l("More slips for people of 60 and over"))
    township = _slips(_l("More slips for people of the township"))

    @property
    def opens_at(self) -> datetime | None:
        if self.opens_day.data is None:
            return None
        return at(self.opens_day.data, self.opens_time.data or time())

    @property
    def closes_at(self) -> datetime:
        return at(self.closes_day.data, self.closes_time.data)

    def validate_closes_day(self, field: Field) -> None:
        known = field.data and self.closes_time.data and self.opens_at
        if known and self.opens_at and self.closes_at <= self.opens_at:
            raise ValidationError(_("It ends before it begins. Please look at both"))

    @property
    def weights(self) -> Weights:
        return Weights(self.first_time.data or 0, self.elders.data or 0, self.township.data or 0)

    def facts(self, activity_ids: Sequence[int]) -> DrawFacts:
        return DrawFacts(
            activity_ids=activity_ids,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            weights=self.weights,
        )


class SeasonForm(DrawRulesForm):
    """A season of courses for wish lists."""

    node = ListField(_l("Which hall?"), [Needed(_l("Please choose the hall"))])
    title = StringField(
        _l("What is it called?"),
        [Needed(_l("Please write what it is called")), AtMost(100, _l("Please shorten the title"))],
        filters=[one_line],
        description=_l("For example: free courses of autumn 2026"),
    )
    about = TextAreaField(
        _l("What should people know?"), [AtMost(2000, TOO_LONG)], filters=[many_lines]
    )
    courses = MultipleChoiceField(
        _l("Which courses?"),
        [Needed(_l("Please choose at least two courses"))],
        description=_l("Published, with sign-up and a number of places, and nobody signed up yet"),
    )

    def facts(self, activity_ids: Sequence[int]) -> DrawFacts:
        return DrawFacts(
            activity_ids=activity_ids,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            weights=self.weights,
            title=self.title.data or "",
            about=self.about.data or "",
        )


def saved(draw: Draw) -> dict[str, object]:
    """A draw in the fields of its form."""
    opens, closes = local(draw.opens_at), local(draw.closes_at)
    return {
        "opens_day": opens.date(),
        "opens_time": opens.time().replace(second=0, microsecond=0),
        "closes_day": closes.date(),
        "closes_time": closes.time(),
        "title": draw.title,
        "about": draw.about,
        **Weights.of(draw.weights).kept(),
    }


def _channel() -> ChoiceField:
    return ChoiceField(
        _l("How did the person come to you?"),
        [Needed(_l("Please choose how the person came to you"))],
        choices=[(Channel.PHONE, _l("By phone")), (Channel.COUNTER, _l("In person"))],
        default=Channel.PHONE,
    )


class CallerDrawForm(DrawForm):
    """An application that staff write down for somebody."""

    channel = _channel()


class CallerWishForm(WishForm):
    """A wish list that staff write down for somebody."""

    channel = _channel()
