"""The check page: every answer once more, in words, and what else the person has at that time."""

from __future__ import annotations

from flask_babel import gettext as _

from culture_cloud import db
from culture_cloud.web.phones import spaced_phone

from . import queries, wording
from .forms import ACTING, ALWAYS, GUARDIAN, NO, YES, SignUpForm
from .offers import Offer

Row = tuple[str, str, str | None]
"""Term, value, and the question that is asked again by “Change”."""


def answer_rows(form: SignUpForm, several_dates: bool, when: str) -> list[Row]:
    """The answers in the order of the questions; the activity and the place stand above them."""
    rows: list[Row] = [(_("When"), when, "session" if several_dates else None)]
    rows.append((_("How many"), form.party_words, "party"))
    if form.elder.data:
        rows.append((_("Kept places"), _("I am 60 or older"), "party"))
    rows += [
        (str(form[question].label.text), _answer(form, question), question)
        for question in form.asked
        if question not in {*ALWAYS, ACTING}
    ]
    acting = ACTING in form.asked
    name = _("Name of the person who comes") if acting else _("Your name")
    phone = _("Phone number of the person") if acting else _("Your phone")
    rows.append((name, form.name.data or "", "name"))
    rows.append((phone, spaced_phone(form.phone.normal or ""), "phone"))
    if acting:
        own = f"{form.proxy_name.data} · {spaced_phone(form.proxy_phone.normal or '')}"
        rows.append((_("You, who sign up for the person"), own, ACTING))
    if form.companion_names:
        rows.append((_("Who comes with you"), _(", ").join(form.companion_names), "companions"))
    if form.needs_guardian:
        rows.append((_("Guardian"), form.guardian_name.data or "", GUARDIAN))
    return rows


def _answer(form: SignUpForm, question: str) -> str:
    data = form[question].data
    if question == "residence":
        chosen = {value: label for value, label, *_more in form.residence.iter_choices()}
        return str(chosen.get(data, ""))
    if question == "id_number":
        return "*" * max(0, len(data or "") - 4) + (data or "")[-4:]
    if data in (None, ""):
        return "–"
    return {YES: _("Yes"), NO: _("No")}.get(str(data), str(data))


def clash_lines(offer: Offer, account_id: int | None) -> list[str]:
    """What whoever is signed in has at the same time. Others are told nothing: a name and a phone
    that were typed prove nothing, and where somebody goes is their own."""
    if account_id is None:
        return []
    return [
        f"{sign_up.activity.title} · {wording.ticket_words(sign_up).whens[0]}"
        for sign_up in queries.clashing(db.session(), account_id, offer.starts_at, offer.ends_at)
        if sign_up.activity_id != offer.activity_id
    ]
