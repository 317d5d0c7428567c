"""What is said when the page of a place or the help page is read aloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _

from culture_cloud.activities.spoken import labelled
from culture_cloud.network import hours, hours_words
from culture_cloud.network.models import Node
from culture_cloud.web import words


def node_page(
    node: Node, title: str, table: hours.Timetable, moment: datetime, phone: str
) -> list[str]:
    """Name, hours of today and days that differ, address, phone, what the place is.

    Whether it is open this very minute is left out: the sound would change with the clock.
    """
    state = hours.state(table, moment)
    today = hours_words.today_words(state)
    said = [title]
    if today:
        said.append(today)
    elif state.standing is hours.Standing.CLOSED_TODAY:
        said.append(hours_words.now_words(state))
    else:
        said.append(
            _("The opening hours are not written down here yet. Please ask before you come.")
        )
    said += hours_words.coming_words(table, moment.date())
    if node.address:
        said.append(labelled(_("Address"), node.address))
    if phone:
        said.append(labelled(_("Phone"), phone))
    return [*said, *words.paragraphs(node.about)]


def help_page(ways: Sequence[Mapping[str, str]]) -> list[str]:
    """The ways to get help, and what one needs for it."""
    said = [
        _("Let somebody help me"),
        _("You need no mobile phone and no account. Choose the way that suits you."),
    ]
    said += [labelled(way["title"], way.get("note", "")).strip("：") for way in ways]
    return [
        *said,
        _("What we ask you"),
        _("Which activity, how many people, your name and a phone number. A landline is fine."),
        _("What you get"),
        _("A code of six digits. Say it at the door, or show the paper slip."),
        _("Your family may do it for you"),
        _("A son, a daughter or a neighbour may sign you up with your name and phone number."),
    ]
