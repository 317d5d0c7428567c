"""What is said when a ticket is read aloud. No name and no phone number: others may be near."""

from __future__ import annotations

from flask_babel import gettext as _

from culture_cloud.activities.spoken import labelled
from culture_cloud.speech.phones import in_groups

from .wording import Ticket


def ticket(ticket: Ticket) -> list[str]:
    """Its state; the number for the door, twice, in threes and digit by digit; when and where."""
    title = ticket.title
    if ticket.otherwise is not None:
        return [ticket.otherwise[0], title, ticket.otherwise[1]]
    if not ticket.takes_place:
        return [_("It does not take place"), title]
    if ticket.is_over:
        return [_("It has taken place"), title]
    code = in_groups(ticket.sign_up.code)
    said = [
        _("You are signed up"),
        title,
        _("Your number for the door is: %(code)s.", code=code),
        _("Once more: %(code)s.", code=code),
        *(labelled(_("When"), when) for when in ticket.whens),
        *ticket.notes,
        labelled(_("Where"), ticket.place),
    ]
    if ticket.activity.bring:
        said.append(labelled(_("Please bring"), ticket.activity.bring))
    if ticket.phone:
        said.append(labelled(_("Phone"), ticket.phone))
    return said
