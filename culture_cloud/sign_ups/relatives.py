"""Family members whom the signed-in person wrote down: chosen instead of typed (EL-16, SV-03)."""

from __future__ import annotations

from collections.abc import Sequence

from flask_login import current_user
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.accounts import family
from culture_cloud.accounts.models import FamilyMember

from .forms import SignUpForm


def of_reader(session: Session) -> Sequence[FamilyMember]:
    """The reader's own; empty for a visitor."""
    if not current_user.is_authenticated:
        return ()
    return family.of(session, current_user.account_id)


def chosen(relatives: Sequence[FamilyMember], number: str) -> FamilyMember | None:
    """The one that `?person=` names, if it is one of the reader's own."""
    return next((member for member in relatives if str(member.id) == number), None)


def fill_in(form: SignUpForm, member: FamilyMember) -> None:
    """What is known of the person; who has no phone is reached on the reader's."""
    form.name.data = member.name
    form.phone.data = member.phone or current_user.phone
    form.relation.data = "other" if member.relation == "other" else "family"
    if member.birth_year is not None:
        form.ages.data = str(clock.now().year - member.birth_year)
