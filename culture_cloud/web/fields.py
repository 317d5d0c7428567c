"""Answers as people give them: validators and fields that WTForms lacks.

The server judges, never the browser (ST-15), so no validator here sets the `required` flag. What
was typed stays in the field for redisplay (ST-16); input is read liberally (ST-18). Every message
is given by the form, says what to do, and is translated when it is shown.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import date, time
from typing import Any, cast

from flask_babel import lazy_gettext
from wtforms import (
    BooleanField,
    Field,
    Form,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.form import BaseForm
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, RadioInput, TextInput

from .moments import NotADay, NotATime, parse_clock, parse_day
from .phones import NotAPhone, normal_phone


def lazy(message: str, **facts: Any) -> str:
    """A message that is translated when it is shown, not when the form class is read.

    Import it as `_l`, the name under which messages are collected for the catalogue.
    """
    return cast(str, lazy_gettext(message, **facts))


_l = lazy


# --- text ----------------------------------------------------------------------------------------


def one_line(text: str | None) -> str:
    """A filter: control characters out, white space to single blanks, none at the ends."""
    return " ".join(_printable(text or "", keep="\t\n\r").split())


def many_lines(text: str | None) -> str:
    """A filter: line ends made \\n, other control characters out, nothing blank at the ends."""
    return _printable((text or "").replace("\r\n", "\n").replace("\r", "\n"), keep="\n\t").strip()


def text_of(field: Field) -> str:
    """What a text field holds; empty where nothing was sent."""
    return str(field.data or "")


def _printable(text: str, *, keep: str) -> str:
    # PostgreSQL refuses NUL, and no person types the others
    return "".join(c for c in text if c in keep or unicodedata.category(c) not in {"Cc", "Cs"})


# --- validators ----------------------------------------------------------------------------------


class Needed:
    """The answer may not be left out; where it is, no later validator speaks."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, _form: Form, field: Field) -> None:
        if not _is_answered(field):
            field.errors = []  # what reading the empty text had to say would be said twice
            raise StopValidation(str(self.message))


def _is_answered(field: Field) -> bool:
    if isinstance(field, BooleanField):
        return bool(field.data)
    given: Iterable[Any] = field.raw_data if field.raw_data is not None else [field.data]
    return any(bool(_answer_text(value).strip()) for value in given)


def _answer_text(value: Any) -> str:
    if value is None:
        return ""
    return str(getattr(value, "filename", value) or "")


class AtMost:
    """The text has at most `most` characters."""

    def __init__(self, most: int, message: str) -> None:
        self.most = most
        self.message = message

    def __call__(self, _form: Form, field: Field) -> None:
        if len(field.data or "") > self.most:
            raise ValidationError(str(self.message))


class Between:
    """The number or moment lies between two bounds, both included; an empty field passes."""

    def __init__(self, least: Any, most: Any, message: str) -> None:
        self.least = least
        self.most = most
        self.message = message

    def __call__(self, _form: Form, field: Field) -> None:
        if field.data is None or field.errors:
            return
        if (self.least is not None and field.data < self.least) or (
            self.most is not None and field.data > self.most
        ):
            raise ValidationError(str(self.message))


class IsPhone:
    """The text of a PhoneField is a number that can be called; an empty field passes."""

    def __init__(self, message: str | None = None) -> None:
        self.message = message or _l("Please give a phone number, such as 138 0000 0000")

    def __call__(self, _form: Form, field: PhoneField) -> None:
        if (field.data or "").strip() and field.normal is None:
            raise ValidationError(str(self.message))


# --- fields --------------------------------------------------------------------------------------


class PhoneField(StringField):
    """A phone number: `.data` is what was typed, `.normal` the digits or None."""

    @property
    def normal(self) -> str | None:
        """The number in its normal form (see web.phones), None where it is none."""
        try:
            return normal_phone(self.data or "")
        except NotAPhone:
            return None


class _TypedField(Field):
    """Text that is read into a value; what cannot be read stays in the field as it was typed."""

    widget = TextInput()

    def __init__(self, label: str | None = None, *args: Any, message: str, **more: Any) -> None:
        super().__init__(label, *args, **more)
        self.message = message

    def read(self, text: str) -> Any:
        """The value of a text; raises ValueError where it has none."""
        raise NotImplementedError

    def shown(self, value: Any) -> str:
        """The value as the text of the field."""
        return str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if typed:
            try:
                self.data = self.read(typed)
            except ValueError:
                raise ValueError(str(self.message)) from None

    def _value(self) -> str:
        if self.data is not None:
            return self.shown(self.data)
        return str(self.raw_data[0]) if self.raw_data else ""


class NumberField(_TypedField):
    """A whole number, in any digits; `.data` is an int or None."""

    def read(self, text: str) -> int:
        plain = re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", text))
        if not re.fullmatch(r"[+-]?[0-9]{1,9}", plain):
            raise ValueError(text)
        return int(plain)


class DayField(_TypedField):
    """A date (2026-05-01, 2026/5/1, 2026年5月1日, 5月1日); `.data` is a date or None."""

    def read(self, text: str) -> date:
        try:
            return parse_day(text)
        except NotADay as error:
            raise ValueError(text) from error

    def shown(self, value: date) -> str:
        return value.isoformat()


class ClockField(_TypedField):
    """A time of day (9:30, 930, 上午9点半); `.data` is a time or None.

    With a DayField it makes a moment: `moments.at(form.day.data, form.time.data)`.
    """

    def read(self, text: str) -> time:
        try:
            return parse_clock(text)
        except NotATime as error:
            raise ValueError(text) from error

    def shown(self, value: time) -> str:
        return value.strftime("%H:%M")


class ListField(SelectField):
    """One of a long list, by (value, label) pairs; the empty value is the answer "none"."""

    def __init__(self, *args: Any, choices: Any = None, message: str | None = None, **more: Any):
        super().__init__(*args, **more)
        self.choices = choices  # given to the parent, pairs would be warned about
        self.invalid_choice_message = message or _l("Please choose one of the answers")
        self.invalid_value_message = self.invalid_choice_message

    def pre_validate(self, form: BaseForm) -> None:
        if self.data not in (None, ""):
            super().pre_validate(form)


class ChoiceField(ListField):
    """One of a few answers, all seen at once. Nothing chosen is None; add Needed to refuse it."""

    widget = ListWidget(prefix_label=False)
    option_widget = RadioInput()


class MultipleChoiceField(SelectMultipleField):
    """Any number of a few answers, all seen at once; `.data` is a list."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, *args: Any, choices: Any = None, message: str | None = None, **more: Any):
        super().__init__(*args, **more)
        self.choices = choices
        self.invalid_choice_message = message or _l("Please choose among the answers")
        self.invalid_value_message = self.invalid_choice_message


# --- what forms carry besides answers ------------------------------------------------------------


class HoneypotMixin:
    """A field (macro `trap`) that people neither see nor reach; only robots fill it in (ST-23)."""

    website = StringField()

    @property
    def from_robot(self) -> bool:
        """Whether the trap was filled in: answer as if all went well, and do nothing."""
        return bool(self.website.data)


_KEY = re.compile(r"[A-Za-z0-9_-]{20,64}")


def new_key() -> str:
    """A fresh idempotency key."""
    return secrets.token_urlsafe(24)


def _sound_key(key: str | None) -> str:
    return key if key and _KEY.fullmatch(key) else new_key()


class IdempotencyMixin:
    """Carries the key by which a second press of the same button is known as the same wish.

    `form.idempotency_key.data` is always a key: the one sent back, or a new one for a new form.
    Hand it to the macro: `form(action, key=form.idempotency_key.data)`.
    """

    idempotency_key = HiddenField(default=new_key, filters=[_sound_key])
