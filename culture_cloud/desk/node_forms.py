"""What staff are asked about their hall: how it is reached, when it is open, what it offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, Form, FormField, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import TextInput

from culture_cloud.errors import NotFound
from culture_cloud.media.addresses import POSTER_WIDTHS
from culture_cloud.media.pictures import PictureRefused, PictureStore
from culture_cloud.media.wording import picture_refusal_words
from culture_cloud.network.facts import ACCESS_FACTS
from culture_cloud.network.hours import Span, Timetable
from culture_cloud.network.hours_text import HoursNotUnderstood, parse_spans, spans_text
from culture_cloud.network.models import Node
from culture_cloud.web.fields import (
    AtMost,
    DayField,
    IsPhone,
    MultipleChoiceField,
    Needed,
    PhoneField,
    many_lines,
    one_line,
)
from culture_cloud.web.fields import lazy as _l

TOO_LONG = _l("Please shorten this")
NOT_A_DAY = _l("Please write the date like 2026-05-01 or 5月1日")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class HoursField(Field):
    """The hours of one day as text: 8:30-12:00，14:00-17:30. `.data` is a tuple of spans, empty
    for a day of rest; what cannot be read stays in the field as it was typed."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = ()
        try:
            self.data = parse_spans(str(valuelist[0])) if valuelist else ()
        except HoursNotUnderstood as error:
            raise ValueError(_(error.reason.msgid, **error.reason.params)) from None

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else spans_text(self.data or ())


class WeekForm(Form):
    """The usual week, one line a day."""

    mon = HoursField(_l("Monday"))
    tue = HoursField(_l("Tuesday"))
    wed = HoursField(_l("Wednesday"))
    thu = HoursField(_l("Thursday"))
    fri = HoursField(_l("Friday"))
    sat = HoursField(_l("Saturday"))
    sun = HoursField(_l("Sunday"))


class NodeForm(FlaskForm):  # type: ignore[misc]
    """All that staff may change at their hall."""

    phone = PhoneField(_l("Phone"), [AtMost(40, TOO_LONG), IsPhone()])
    sms_phone = PhoneField(
        _l("Number for text messages"),
        [AtMost(40, TOO_LONG), IsPhone()],
        description=_l("For everybody who cannot hear or does not like to call."),
    )
    address = StringField(_l("Address"), [AtMost(200, TOO_LONG)], filters=[one_line])
    liaison = StringField(
        _l("Liaison"),
        [AtMost(80, TOO_LONG)],
        filters=[one_line],
        description=_l("Who answers for this place towards the main hall."),
    )
    week = FormField(WeekForm)
    access = MultipleChoiceField(_l("What is there for everybody?"))
    about = TextAreaField(
        _l("About this place"),
        [AtMost(5000, TOO_LONG)],
        filters=[many_lines],
        description=_l("What one finds there. An empty line begins a new paragraph."),
    )
    #: key of the photo that is stored already
    photo = HiddenField()
    picture = FileField(
        _l("Photo of the place"), description=_l("A picture from your phone, up to 10 MB")
    )
    photo_alt = StringField(
        _l("What does the picture show?"),
        [AtMost(200, TOO_LONG)],
        filters=[one_line],
        description=_l("One sentence, for people who do not see it"),
    )
    photo_gone = BooleanField(_l("Take the picture away"))
    review_required = BooleanField(
        _l("What clerks write here waits for somebody who may publish"),
    )

    def __init__(self, *args: Any, store: PictureStore, **more: Any) -> None:
        super().__init__(*args, **more)
        self.store = store
        self.access.choices = [(fact, str(name)) for fact, name in ACCESS_FACTS.items()]

    def validate_picture(self, field: FileField) -> None:
        """Store an upload at once, so that it is not lost when another answer is wrong."""
        if self.photo_gone.data or not field.data:
            return
        try:
            self.photo.data = self.store.add(field.data.read())
        except PictureRefused as refused:
            raise ValidationError(picture_refusal_words(refused.reason)) from None

    def validate_photo_alt(self, field: StringField) -> None:
        if self.photo.data and not field.data and not self.photo_gone.data:
            raise ValidationError(_("Please write what the picture shows"))

    def _is_stored(self, key: str) -> bool:
        """A key comes back in a hidden field, so it may be anything; no key is no photo."""
        try:
            return not key or bool(self.store.read(key, POSTER_WIDTHS[0]))
        except NotFound:
            return False

    @property
    def hours(self) -> dict[int, tuple[Span, ...]]:
        """Weekday (0 is Monday) → spans."""
        return {number: self.week.form[day].data or () for number, day in enumerate(DAYS)}

    def facts(self, node: Node) -> dict[str, Any]:
        """What services.edit_node takes. A photo is the stored one or the node's own."""
        kept = "" if self.photo_gone.data else self.photo.data or ""
        if kept != (node.photo or "") and not self._is_stored(kept):
            kept = node.photo or ""
        return {
            "phone": one_line(self.phone.data),
            "sms_phone": one_line(self.sms_phone.data),
            "address": self.address.data,
            "liaison": self.liaison.data,
            "access": [fact for fact in ACCESS_FACTS if fact in (self.access.data or ())],
            "about": self.about.data,
            "photo": kept or None,
            "photo_alt": self.photo_alt.data if kept else "",
            "review_required": self.review_required.data,
        }


def answers(node: Node, timetable: Timetable) -> Mapping[str, Any]:
    """The form as it stands before anybody changes it."""
    return {
        "phone": node.phone,
        "sms_phone": node.sms_phone,
        "address": node.address,
        "liaison": node.liaison,
        "week": {day: timetable.week.get(number, ()) for number, day in enumerate(DAYS)},
        "access": node.access,
        "about": node.about,
        "photo": node.photo or "",
        "photo_alt": node.photo_alt,
        "review_required": node.review_required,
    }


class ClosingForm(FlaskForm):  # type: ignore[misc]
    """Days that differ from the usual week."""

    starts_on = DayField(
        _l("First day"), [Needed(_l("Please write the first day"))], message=NOT_A_DAY
    )
    ends_on = DayField(
        _l("Last day"), message=NOT_A_DAY, description=_l("Leave it empty for a single day.")
    )
    hours = HoursField(
        _l("Open on these days"),
        description=_l("Leave it empty if you are closed. Else write it like 9:00-12:00."),
    )
    reason = StringField(
        _l("Why"),
        [AtMost(200, TOO_LONG)],
        filters=[one_line],
        description=_l("Everybody reads this, for example: spring festival."),
    )

    def validate_ends_on(self, field: DayField) -> None:
        first, last = self.starts_on.data, field.data
        if first is not None and last is not None and last < first:
            raise ValidationError(_("The last day lies before the first. Please look again"))
