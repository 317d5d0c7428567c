"""Why a row is left out, and what is to be checked, in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

FAULTS = {
    "title": _l("The name is missing"),
    "kind": _l("This kind is not known: %(value)s"),
    "not_yours": _l("This number belongs to an item that you may not change: %(value)s"),
    "other_kind": _l("The item of this number is of another kind than %(value)s"),
    "twice": _l("This number stands in the table twice: %(value)s"),
    "too_long": _l("This is too long: %(value)s"),
    "extra": _l("This answer does not fit: %(value)s"),
    "not_complete": _l("It is public and would no longer be complete"),
}
NOTES = {
    "summary": _l(
        "The short description has %(value)s characters; 150 are allowed when it is shown"
    ),
    "date": _l("This time is kept as it is written, but not understood: %(value)s"),
    "place": _l("This place is not in the network, or two are called so: %(value)s"),
    "rights": _l("This kind of use is not known: %(value)s"),
    "point": _l("Latitude and longitude are not understood: %(value)s"),
    "agent": _l("Please write people as 传承人：姓名. This was left out: %(value)s"),
    "file": _l("This file was not sent along: %(value)s"),
}


def words(kind: str, value: str) -> str:
    """A fault or note in the reader's language."""
    text = FAULTS.get(kind) or NOTES[kind]
    return str(text) % {"value": value}
