"""What residents are asked: the sign-up, and the way back to it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from culture_cloud.i18n import select_locale
from culture_cloud.web.fields import (
    AtMost,
    ChoiceField,
    HoneypotMixin,
    IdempotencyMixin,
    IsPhone,
    Needed,
    PhoneField,
    one_line,
)
from culture_cloud.web.fields import lazy as _l

from .eligibility import largest_party
from .models import Channel
from .offers import Offer
from .requests import SignUpRequest, normal_name

COURSE = "course"
"""The value of the session field where one signs up for the whole course."""

QUESTIONS = ("session", "party", "name", "phone", "companions")
"""All that is asked, in this order; the last may be left empty."""

_BETWEEN_NAMES = re.compile(r"[、，,;；/\n]+")


class SignUpForm(HoneypotMixin, IdempotencyMixin, FlaskForm):  # type: ignore[misc]
    """How many come, who, and on which number they can be reached."""

    session = ChoiceField(
        _l("Which date?"), [Needed(_l("Please choose a date"))], validate_choice=False
    )
    party = ChoiceField(
        _l("How many people will come?"),
        [Needed(_l("Please choose how many people will come"))],
    )
    name = StringField(
        _l("Your name"),
        [Needed(_l("Please give your name")), AtMost(40, _l("Please shorten the name"))],
        filters=[one_line],
    )
    phone = PhoneField(
        _l("Your phone number"),
        [Needed(_l("Please give your phone number")), IsPhone()],
        filters=[one_line],
        description=_l("We call or text you only if something changes"),
    )
    companions = StringField(
        _l("Names of those who come with you (may be left empty)"),
        [AtMost(160, _l("Please shorten the names"))],
        filters=[one_line],
        description=_l("Put a comma between the names"),
    )

    def offer_sessions(self, choices: Sequence[tuple[str, str]]) -> None:
        self.session.choices = list(choices)

    def offer_places(self, offer: Offer | None, most: int) -> None:
        """Offer as many people as one sign-up may bring here."""
        most = largest_party(offer) if offer else most
        self.party.choices = [(str(n), people_words(n)) for n in range(1, most + 1)]

    def validate_companions(self, field: Field) -> None:
        named, others = len(self.companion_names), self.party_size - 1
        if field.data and named > others:
            raise ValidationError(
                _("You named more people than will come. Please mend the number or the names.")
            )

    @property
    def party_size(self) -> int:
        text = str(self.party.data or "")
        return int(text) if text.isascii() and text.isdigit() else 1

    @property
    def party_words(self) -> str:
        return people_words(self.party_size)

    @property
    def companion_names(self) -> tuple[str, ...]:
        names = (normal_name(part) for part in _BETWEEN_NAMES.split(self.companions.data or ""))
        return tuple(name for name in names if name)

    def kept(self, *, without: Sequence[str] = ()) -> list[tuple[str, str]]:
        """The answers that this page does not ask, to be carried along."""
        return [
            (name, str(self[name].data))
            for name in QUESTIONS
            if name not in without and self[name].data
        ]

    def wish(
        self, offer: Offer, account_id: int | None = None, channel: Channel = Channel.WEB
    ) -> SignUpRequest:
        """The answers as a request for places."""
        return SignUpRequest(
            activity_id=offer.activity_id,
            session_id=offer.session_id,
            name=self.name.data or "",
            phone=self.phone.normal or "",
            party_size=self.party_size,
            companions=self.companion_names,
            account_id=account_id,
            channel=channel,
            locale=select_locale(),
            idempotency_key=self._key_of(offer),
        )

    def _key_of(self, offer: Offer) -> str:
        """The same form sent again is the same wish; sent with other answers it is another one."""
        answers = (
            self.idempotency_key.data,
            session_value(offer),
            normal_name(self.name.data or ""),
            self.phone.normal,
            self.party_size,
            self.companion_names,
        )
        return hashlib.sha256(repr(answers).encode()).hexdigest()


def session_value(offer: Offer) -> str:
    """The offer as a value of the session field and of the `session` query parameter."""
    return COURSE if offer.session_id is None else str(offer.session_id)


def people_words(number: int) -> str:
    return str(ngettext("%(num)d person", "%(num)d people", number))


class FindForm(FlaskForm):  # type: ignore[misc]
    """Phone and number together open a sign-up."""

    phone = PhoneField(
        _l("Phone number that you signed up with"),
        [Needed(_l("Please give the phone number")), IsPhone()],
        filters=[one_line],
    )
    code = StringField(
        _l("Number of your sign-up"),
        [Needed(_l("Please give the 6 digits of your sign-up"))],
        filters=[one_line],
        description=_l("6 digits. They stand on your ticket and in our message"),
    )

    def validate_code(self, _field: Field) -> None:
        if len(self.digits) != 6:
            raise ValidationError(_("Please give the 6 digits of your sign-up"))

    @property
    def digits(self) -> str:
        """The number without blanks, in ASCII digits."""
        return "".join(str(int(c)) for c in self.code.data or "" if c.isdecimal())


class CancelForm(FlaskForm):  # type: ignore[misc]
    """Carries the token of the session only."""
