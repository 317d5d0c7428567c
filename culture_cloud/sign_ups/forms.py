"""What residents are asked: the sign-up, and the way back to it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import TypeVar

from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, StringField
from wtforms.validators import ValidationError

from culture_cloud.activities.questions import Question, QuestionKind
from culture_cloud.activities.rules import GUARDIAN_UNDER, Rules
from culture_cloud.i18n import select_locale
from culture_cloud.web.fields import (
    AtMost,
    ChoiceField,
    HoneypotMixin,
    IdempotencyMixin,
    IsPhone,
    ListField,
    Needed,
    NumberField,
    PhoneField,
    one_line,
)
from culture_cloud.web.fields import lazy as _l

from .eligibility import largest_party
from .models import Channel
from .offers import Offer
from .requests import ActingFor, Guardian, SignUpRequest, normal_name
from .wording import relation_words

COURSE = "course"
"""The value of the session field where one signs up for the whole course."""

ALWAYS = ("session", "party", "name", "phone", "companions")
"""What every sign-up asks; the last may be left empty."""

GUARDIAN, ACTING = "guardian", "acting"

PARTS: dict[str, tuple[str, ...]] = {
    "party": ("party", "elder"),
    GUARDIAN: ("guardian_name", "guardian_phone", "guardian_agrees"),
    ACTING: ("proxy_name", "proxy_phone", "relation", "person_agrees"),
}
"""Questions of more than one field; all others are named as their field."""

ELSEWHERE = "0"
YES, NO = "yes", "no"
_BETWEEN_NAMES = re.compile(r"[、，,;；/\n]+")
_NUMBER = re.compile(r"\d+")
_ID_NUMBER = re.compile(r"\d{17}[\dXx]|[A-Za-z0-9]{6,18}")


def guardian_consent_words() -> str:
    """What a guardian agrees to; kept with the sign-up word for word (PIPL art. 29 to 31)."""
    return _(
        "I am the guardian of the child. I agree that it takes part, and that its name and age "
        "are used for this sign-up only."
    )


def proxy_consent_words() -> str:
    """What the person agrees to who lets somebody else sign up; kept word for word (SV-03)."""
    return _(
        "The person knows of this sign-up and agrees to it. We tell both of them, and the person "
        "can take it back at any time."
    )


class SignUpForm(HoneypotMixin, IdempotencyMixin, FlaskForm):  # type: ignore[misc]
    """How many come, who, and on which number they can be reached.

    Which of the questions are asked is told by `ask`; the others are neither shown nor judged.
    """

    session = ChoiceField(
        _l("Which date?"), [Needed(_l("Please choose a date"))], validate_choice=False
    )
    party = ChoiceField(
        _l("How many people will come?"),
        [Needed(_l("Please choose how many people will come"))],
    )
    elder = BooleanField(_l("I am 60 or older: some places are kept for me"))
    ages = StringField(
        _l("How old are those who come?"),
        filters=[one_line],
        description=_l("In years, your own age first, for example: 35, 8"),
    )
    residence = ListField(_l("Where do you live?"))
    group = ChoiceField(choices=[(YES, _l("Yes")), (NO, _l("No"))])
    id_number = StringField(_l("ID number"), filters=[one_line])
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
    guardian_name = StringField(
        _l("Name of the guardian"), [AtMost(40, _l("Please shorten the name"))], filters=[one_line]
    )
    guardian_phone = PhoneField(_l("Phone of the guardian"), [IsPhone()], filters=[one_line])
    guardian_agrees = BooleanField()
    proxy_name = StringField(
        _l("Your own name"), [AtMost(40, _l("Please shorten the name"))], filters=[one_line]
    )
    proxy_phone = PhoneField(_l("Your own phone number"), [IsPhone()], filters=[one_line])
    relation = ChoiceField(_l("What are you to the person?"))
    person_agrees = BooleanField()

    asked: tuple[str, ...] = ALWAYS
    keeps_for_elders = False
    own: tuple[Question, ...] = ()

    def ask(self, rules: Rules, *, offer: Offer | None, acting: bool) -> None:
        """Ask what the activity's rules need, no more; in the order of the pages."""
        self.keeps_for_elders = bool(offer and offer.left_for_elders > 0 and not rules.needs_ages)
        found = ["session", "party"]
        found += ["ages"] if rules.needs_ages else []
        found += ["residence"] if offer is not None and offer.asks_residence else []
        found += ["group"] if rules.group_name else []
        found += [question.key for question in rules.questions]
        found += ["id_number"] if rules.id_law else []
        found += [ACTING] if acting else []
        self.asked = (*found, "name", "phone", "companions")
        self.group.label.text = _("Do you belong to: %(group)s?", group=rules.group_name)
        self.id_number.description = _("Asked for because of: %(law)s", law=rules.id_law)
        self.guardian_agrees.label.text = guardian_consent_words()
        self.person_agrees.label.text = proxy_consent_words()
        self.relation.choices = relation_words()
        if acting:
            self.name.label.text = _("Name of the person who comes")
            self.phone.label.text = _("Phone number of the person")
            self.phone.description = _("A landline or the number of a neighbour is fine too")

    def offer_sessions(self, choices: Sequence[tuple[str, str]]) -> None:
        self.session.choices = list(choices)

    def offer_places(self, offer: Offer | None, most: int) -> None:
        """Offer as many people as one sign-up may bring here."""
        most = largest_party(offer) if offer else most
        self.party.choices = [(str(n), people_words(n)) for n in range(1, most + 1)]

    def offer_residences(self, choices: Sequence[tuple[str, str]]) -> None:
        self.residence.choices = [("", _("Please choose")), *choices, (ELSEWHERE, _("Elsewhere"))]

    # --- judging -----------------------------------------------------------------------------

    def validate(self, extra_validators: object = None) -> bool:
        """Judge what is asked; what is not asked has no faults."""
        super().validate(extra_validators)
        for name in self.fields_asked:
            check = getattr(self, f"_check_{name}", None)
            if check is not None and not self[name].errors:
                check(self[name])
        for question in self.own:
            self._check_own(question)
        fields = set(self.fields_asked)
        for field in self:
            if field.name not in fields:
                field.errors = []
        return not self.errors

    @property
    def questions(self) -> tuple[str, ...]:
        """What is asked, the guardian included where a child under fourteen comes."""
        return (*self.asked, GUARDIAN) if self.needs_guardian else self.asked

    @property
    def fields_asked(self) -> tuple[str, ...]:
        return tuple(name for question in self.questions for name in fields_of(question))

    @property
    def needs_guardian(self) -> bool:
        return "ages" in self.asked and any(age < GUARDIAN_UNDER for age in self.age_list)

    def _check_ages(self, field: Field) -> None:
        found = self.age_list
        if not field.data:
            _say(field, _("Please write how old those who come are"))
        elif any(age > 120 for age in found) or not found:
            _say(field, _("Please write ages in years, such as 35, 8"))
        elif len(found) != self.party_size:
            _say(
                field,
                _(
                    "You wrote %(ages)s ages for %(people)s. Please mend one of them.",
                    ages=len(found),
                    people=self.party_words,
                ),
            )

    def _check_residence(self, field: Field) -> None:
        if not field.data:
            _say(field, _("Please choose where you live"))

    def _check_group(self, field: Field) -> None:
        if not field.data:
            _say(field, _("Please answer yes or no"))

    def _check_id_number(self, field: Field) -> None:
        if not _ID_NUMBER.fullmatch(field.data or ""):
            _say(field, _("Please give the number as it stands on the card"))

    def _check_guardian_name(self, field: Field) -> None:
        if not field.data:
            _say(field, _("Please give the name of the guardian"))

    def _check_guardian_phone(self, field: Field) -> None:
        if not field.data:
            _say(field, _("Please give the phone number of the guardian"))

    def _check_guardian_agrees(self, field: Field) -> None:
        if not field.data:
            _say(field, _("A child under 14 can only come if a guardian agrees"))

    def _check_proxy_name(self, field: Field) -> None:
        if not field.data:
            _say(field, _("Please give your own name too"))

    def _check_proxy_phone(self, field: Field) -> None:
        if not field.data:
            _say(field, _("Please give your own phone number too"))

    def _check_relation(self, field: Field) -> None:
        if not field.data:
            _say(field, _("Please choose what you are to the person"))

    def _check_person_agrees(self, field: Field) -> None:
        if not field.data:
            _say(field, _("Please ask the person first, and tick this"))

    def _check_own(self, question: Question) -> None:
        field = self[question.key]
        if question.needed and not field.errors and field.data in (None, ""):
            _say(field, _("Please answer this question"))

    def validate_companions(self, field: Field) -> None:
        named, others = len(self.companion_names), self.party_size - 1
        if field.data and named > others:
            raise ValidationError(
                _("You named more people than will come. Please mend the number or the names.")
            )

    # --- the answers -------------------------------------------------------------------------

    @property
    def party_size(self) -> int:
        text = str(self.party.data or "")
        return int(text) if text.isascii() and text.isdigit() else 1

    @property
    def party_words(self) -> str:
        return people_words(self.party_size)

    @property
    def age_list(self) -> tuple[int, ...]:
        text = unicodedata.normalize("NFKC", self.ages.data or "")
        return tuple(int(found[:4]) for found in _NUMBER.findall(text))

    @property
    def companion_names(self) -> tuple[str, ...]:
        names = (normal_name(part) for part in _BETWEEN_NAMES.split(self.companions.data or ""))
        return tuple(name for name in names if name)

    def kept(self, *, without: Sequence[str] = ()) -> list[tuple[str, str]]:
        """The answers that this page does not ask, to be carried along."""
        left_out = {name for question in without for name in fields_of(question)}
        return [
            (name, _as_sent(self[name]))
            for question in (*self.asked, GUARDIAN)
            for name in fields_of(question)
            if name not in left_out and self[name].data not in (None, "", False)
        ]

    def wish(
        self,
        offer: Offer,
        account_id: int | None = None,
        channel: Channel = Channel.WEB,
        *,
        may_wait: bool = False,
    ) -> SignUpRequest:
        """The answers as a request for places."""
        asked = set(self.asked)
        residence = self.residence.data if "residence" in asked else ""
        return SignUpRequest(
            activity_id=offer.activity_id,
            session_id=offer.session_id,
            name=self.name.data or "",
            phone=self.phone.normal or "",
            party_size=self.party_size,
            companions=self.companion_names,
            account_id=account_id,
            channel=Channel.PROXY if ACTING in asked and channel is Channel.WEB else channel,
            locale=select_locale(),
            idempotency_key=self._key_of(offer),
            ages=self.age_list if "ages" in asked else (),
            is_elder=bool(self.elder.data),
            residence_node_id=int(residence) if residence and residence != ELSEWHERE else None,
            in_group=self.group.data == YES,
            answers={q.key: self[q.key].data for q in self.own if self[q.key].data is not None},
            id_number=self.id_number.data or "" if "id_number" in asked else "",
            guardian=self._guardian(),
            acting=self._acting(account_id) if ACTING in asked else None,
            may_wait=may_wait,
        )

    def _guardian(self) -> Guardian | None:
        if not self.needs_guardian or not self.guardian_agrees.data:
            return None
        return Guardian(
            normal_name(self.guardian_name.data or ""),
            self.guardian_phone.normal or "",
            guardian_consent_words(),
        )

    def _acting(self, account_id: int | None) -> ActingFor:
        return ActingFor(
            name=normal_name(self.proxy_name.data or ""),
            phone=self.proxy_phone.normal or "",
            relation=self.relation.data or "other",
            consent=proxy_consent_words(),
            account_id=account_id,
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
            [(name, value) for name, value in self.kept() if name not in {"name", "phone"}],
        )
        return hashlib.sha256(repr(answers).encode()).hexdigest()


F = TypeVar("F", bound=SignUpForm)


def form_for(rules: Rules, base: type[F]) -> F:
    """A form with the activity's own questions among the others."""
    fields = {question.key: _own_field(question) for question in rules.questions}
    made: F = type(base.__name__, (base,), {**fields, "own": rules.questions})()
    return made


def _own_field(question: Question) -> Field:
    shorter = AtMost(300, _l("Please shorten the answer"))
    match question.kind:
        case QuestionKind.CHOICE:
            return ChoiceField(question.label, choices=[(c, c) for c in question.choices])
        case QuestionKind.YES_NO:
            return ChoiceField(question.label, choices=[(YES, _l("Yes")), (NO, _l("No"))])
        case QuestionKind.NUMBER:
            return NumberField(question.label, message=_l("Please write a number"))
        case _:
            return StringField(question.label, [shorter], filters=[one_line])


def fields_of(question: str) -> tuple[str, ...]:
    return PARTS.get(question, (question,))


def _say(field: Field, message: str) -> None:
    field.errors = [*field.errors, message]


def _as_sent(field: Field) -> str:
    return "y" if field.data is True else str(field.data)


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


class PartyForm(FlaskForm):  # type: ignore[misc]
    """Who comes, changed by the leader until check-in."""

    party = ChoiceField(
        _l("How many people will come?"), [Needed(_l("Please choose how many people will come"))]
    )
    companions = StringField(
        _l("Names of those who come with you (may be left empty)"),
        [AtMost(160, _l("Please shorten the names"))],
        filters=[one_line],
        description=_l("Put a comma between the names"),
    )
    ages = StringField(
        _l("How old are those who come?"),
        filters=[one_line],
        description=_l("In years, your own age first, for example: 35, 8"),
    )

    party_size = SignUpForm.party_size
    age_list = SignUpForm.age_list
    companion_names = SignUpForm.companion_names
    validate_companions = SignUpForm.validate_companions
