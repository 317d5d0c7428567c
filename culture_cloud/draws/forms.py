"""What people are asked who apply: for a draw, and for the courses of a season."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from culture_cloud.i18n import select_locale
from culture_cloud.sign_ups.forms import people_words
from culture_cloud.sign_ups.models import Channel
from culture_cloud.sign_ups.requests import normal_name
from culture_cloud.web.fields import (
    AtMost,
    ChoiceField,
    HoneypotMixin,
    IdempotencyMixin,
    IsPhone,
    ListField,
    Needed,
    PhoneField,
    one_line,
)
from culture_cloud.web.fields import lazy as _l

from .services import Wanted

ELSEWHERE = "elsewhere"
YES, NO = "yes", "no"
WISHES = ("wish1", "wish2", "wish3", "wish4", "wish5")

Question = tuple[str, ...]
"""Fields that stand on one page: mostly one; the ranks of a wish list are one question."""


class PersonForm(HoneypotMixin, IdempotencyMixin, FlaskForm):  # type: ignore[misc]
    """Who applies, and what the rules of the draw ask for besides."""

    name = StringField(
        _l("Your name"),
        [Needed(_l("Please give your name")), AtMost(40, _l("Please shorten the name"))],
        filters=[one_line],
    )
    phone = PhoneField(
        _l("Your phone number"),
        [Needed(_l("Please give your phone number")), IsPhone()],
        filters=[one_line],
        description=_l("We tell you on it what came of the draw"),
    )
    residence = ListField(
        _l("Where do you live?"),
        [Needed(_l("Please choose where you live"))],
        description=_l("People of the township have more slips in this draw"),
    )
    elder = ChoiceField(
        _l("Are you 60 years old or older?"),
        [Needed(_l("Please choose yes or no"))],
        choices=[(YES, _l("Yes")), (NO, _l("No"))],
        description=_l("People of 60 and over have more slips in this draw. We may ask for proof"),
    )

    def ask(self, questions: Sequence[Question], townships: Sequence[tuple[int, str]]) -> None:
        """Keep only what is asked here: fields that no question names are taken away."""
        asked = {name for question in questions for name in question}
        for name in list(self._fields):
            if name not in asked | {"csrf_token", "idempotency_key", "website", "channel"}:
                del self[name]
        if "residence" in self:
            self.residence.choices = [
                ("", _("Please choose")),
                *((str(number), name) for number, name in townships),
                (ELSEWHERE, _("Somewhere else")),
            ]

    @property
    def residence_id(self) -> int | None:
        text = str(self.residence.data or "") if "residence" in self else ""
        return int(text) if text.isdigit() else None

    @property
    def is_elder(self) -> bool:
        return "elder" in self and self.elder.data == YES

    def answers(self) -> list[tuple[str, str]]:
        """The answers of all questions, to be carried along."""
        without = {"csrf_token", "idempotency_key", "website"}
        return [(f.name, str(f.data)) for f in self if f.name not in without and f.data]

    def wanted(
        self,
        draw_id: int,
        wishes: Sequence[tuple[int, int | None]],
        *,
        party_size: int = 1,
        account_id: int | None = None,
        channel: Channel = Channel.WEB,
    ) -> Wanted:
        """The answers as an application. The same form sent again is the same application; sent
        with other answers it is another one."""
        name, phone = self.name.data or "", self.phone.normal or ""
        said = (self.idempotency_key.data, tuple(wishes), party_size, normal_name(name), phone)
        return Wanted(
            draw_id=draw_id,
            name=name,
            phone=phone,
            wishes=tuple(wishes),
            party_size=party_size,
            is_elder=self.is_elder,
            residence_node_id=self.residence_id,
            account_id=account_id,
            channel=channel,
            locale=select_locale(),
            idempotency_key=hashlib.sha256(repr(said).encode()).hexdigest(),
        )


class DrawForm(PersonForm):
    """An application for places of one activity."""

    session = ChoiceField(_l("Which date?"), [Needed(_l("Please choose a date"))])
    party = ChoiceField(
        _l("How many people will come?"),
        [Needed(_l("Please choose how many people will come"))],
    )

    def offer(self, dates: Sequence[tuple[str, str]], most: int) -> None:
        self.session.choices = list(dates)
        self.party.choices = [(str(n), people_words(n)) for n in range(1, most + 1)]

    @property
    def party_size(self) -> int:
        text = str(self.party.data or "")
        return int(text) if text.isascii() and text.isdigit() else 1


def _wish(label: str, *validators: object, description: str = "") -> ListField:
    return ListField(label, list(validators), description=description)


class WishForm(PersonForm):
    """A wish list: up to five courses, the dearest first."""

    wish1 = _wish(
        _l("First wish"),
        Needed(_l("Please choose the course that you want most")),
        description=_l("The course that you want most"),
    )
    wish2 = _wish(_l("Second wish (may be left empty)"))
    wish3 = _wish(_l("Third wish (may be left empty)"))
    wish4 = _wish(_l("Fourth wish (may be left empty)"))
    wish5 = _wish(_l("Fifth wish (may be left empty)"))

    def offer(self, courses: Sequence[tuple[str, str]]) -> None:
        for name in WISHES:
            empty = _("Please choose") if name == WISHES[0] else _("No wish")
            self[name].choices = [("", empty), *courses]

    @property
    def wished(self) -> list[str]:
        """Values of the courses in their order; what was left empty between is closed up."""
        return [str(self[name].data) for name in WISHES if self[name].data]

    def validate_wish2(self, field: Field) -> None:
        self._refuse_twice(field)

    def validate_wish3(self, field: Field) -> None:
        self._refuse_twice(field)

    def validate_wish4(self, field: Field) -> None:
        self._refuse_twice(field)

    def validate_wish5(self, field: Field) -> None:
        self._refuse_twice(field)

    def _refuse_twice(self, field: Field) -> None:
        before = [self[name].data for name in WISHES[: WISHES.index(field.name)]]
        if field.data and field.data in before:
            raise ValidationError(
                _("This course stands above already. Please choose another one or no wish.")
            )


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    """Carries the token of the session only."""


class NumberForm(FlaskForm):  # type: ignore[misc]
    """Looks an application up by its number, in an address that can be passed on."""

    class Meta:
        csrf = False

    number = StringField(_l("Number of an application"), filters=[one_line])
