"""What people are asked on their own pages."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, PasswordField, StringField
from wtforms.validators import ValidationError

from culture_cloud.notifications.choices import Choice
from culture_cloud.notifications.kinds import OPTIONAL, NoticeKind
from culture_cloud.web.fields import (
    AtMost,
    Between,
    ChoiceField,
    IsPhone,
    MultipleChoiceField,
    Needed,
    NumberField,
    PhoneField,
    one_line,
)
from culture_cloud.web.fields import lazy as _l
from culture_cloud.web.words import today

CHILD = 14
"""Under fourteen a guardian has to agree (PIPL art. 31)."""

CONSENT = _l(
    "I am the guardian of this child. I agree that the name and year of birth are kept here, to "
    "sign the child up for activities, until I delete them."
)

KIND_WORDS = {
    NoticeKind.ANSWER: _l("What I have just done: signed up, waiting, cancelled"),
    NoticeKind.REMINDER: _l("Reminders on the day before"),
    NoticeKind.THANKS: _l("Thanks afterwards, with two questions"),
    NoticeKind.MESSAGE: _l("Messages of the organiser"),
}


class MemberForm(FlaskForm):  # type: ignore[misc]
    """Somebody of the family."""

    name = StringField(
        _l("Name"),
        [Needed(_l("Please give the name")), AtMost(40, _l("Please shorten the name"))],
        filters=[one_line],
    )
    relation = ChoiceField(
        _l("Who is it?"),
        [Needed(_l("Please choose who it is"))],
        choices=[
            ("child", _l("My child or grandchild")),
            ("parent", _l("My mother, father or grandparent")),
            ("partner", _l("My wife or husband")),
            ("other", _l("Somebody else")),
        ],
    )
    phone = PhoneField(_l("Phone number (may be left empty)"), [IsPhone()], filters=[one_line])
    birth_year = NumberField(
        _l("Year of birth (may be left empty)"),
        [Between(1900, 2100, _l("Please give a year, such as 1950"))],
        message=_l("Please give a year, such as 1950"),
        description=_l("Some activities are for children or for elders"),
    )
    consent = BooleanField(CONSENT)

    def validate_birth_year(self, field: Field) -> None:
        if field.data is not None and field.data > today().year:
            raise ValidationError(_("This year is still to come. Please give the year of birth."))

    def validate_consent(self, field: Field) -> None:
        if self.is_child and not field.data:
            raise ValidationError(_("For a child under 14 a guardian has to agree."))

    @property
    def is_child(self) -> bool:
        """Whether the year leaves it possible that the person is under fourteen."""
        year = self.birth_year.data
        return year is not None and today().year - year <= CHILD


class ChoicesForm(FlaskForm):  # type: ignore[misc]
    """For each kind of message: by text message, by e-mail."""

    sms = MultipleChoiceField(
        _l("By text message"), choices=[(k.value, KIND_WORDS[k]) for k in OPTIONAL]
    )
    email = MultipleChoiceField(
        _l("By e-mail"), choices=[(k.value, KIND_WORDS[k]) for k in OPTIONAL]
    )

    @property
    def chosen(self) -> dict[NoticeKind, Choice]:
        sms, email = set(self.sms.data or ()), set(self.email.data or ())
        return {kind: Choice(kind.value in sms, kind.value in email) for kind in OPTIONAL}


class DeleteForm(FlaskForm):  # type: ignore[misc]
    """The password once more: it cannot be undone."""

    password = PasswordField(_l("Your password"), [Needed(_l("Please type your password"))])
