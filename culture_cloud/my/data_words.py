"""The words for what is told in the page of one's own data."""

from __future__ import annotations

from culture_cloud.web.fields import lazy as _l

_FIELDS = {
    "about": _l("What about"),
    "activity": _l("Activity"),
    "ages": _l("Ages"),
    "answers": _l("Answers"),
    "birth_year": _l("Year of birth"),
    "cancelled_at": _l("Cancelled at"),
    "channel": _l("Came in"),
    "checked_in_at": _l("Checked in at"),
    "companions": _l("Who comes along"),
    "consent": _l("Agreed to"),
    "consented_at": _l("Agreed at"),
    "created_at": _l("Made at"),
    "device": _l("Device"),
    "display": _l("Display settings"),
    "email": _l("E-mail"),
    "guardian_consent": _l("What the guardian agreed to"),
    "guardian_name": _l("Guardian"),
    "guardian_phone": _l("Phone of the guardian"),
    "kind": _l("Kind"),
    "language": _l("Language"),
    "mode": _l("Version of the site"),
    "name": _l("Name"),
    "number": _l("Sign-up number"),
    "people": _l("Number of people"),
    "person": _l("For whom"),
    "phone": _l("Phone"),
    "proxy": _l("Who acts"),
    "read_at": _l("Read at"),
    "relation": _l("As what"),
    "revoked_at": _l("Taken back at"),
    "seen_at": _l("Last seen"),
    "sent_at": _l("Sent at"),
    "sms": _l("Text message"),
    "starts_at": _l("Begins"),
    "state": _l("State"),
}

_VALUES = {
    "state": {
        "pending": _l("Being looked at"),
        "waiting": _l("On the waiting list"),
        "confirmed": _l("Confirmed"),
        "attended": _l("Came"),
        "no_show": _l("Did not come"),
        "cancelled": _l("Cancelled"),
        "declined": _l("Not taken"),
    },
    "channel": {
        "web": _l("Online"),
        "phone": _l("By phone"),
        "counter": _l("In person"),
        "proxy": _l("Through somebody else"),
        "walk_in": _l("Without signing up"),
    },
    "mode": {"elder": _l("Elder version"), "standard": _l("Standard version")},
    "language": {"zh_Hans_CN": "中文", "en": "English"},
    "relation": {
        "child": _l("My child or grandchild"),
        "parent": _l("My mother, father or grandparent"),
        "partner": _l("My wife or husband"),
        "family": _l("Family"),
        "neighbour": _l("Neighbour"),
        "village_worker": _l("Village worker"),
        "carer": _l("Carer"),
        "other": _l("Somebody else"),
    },
    "kind": {
        "answer": _l("What I have just done: signed up, waiting, cancelled"),
        "reminder": _l("Reminders on the day before"),
        "thanks": _l("Thanks afterwards, with two questions"),
        "message": _l("Messages of the organiser"),
    },
}


def field_words(name: str) -> str:
    """What a field is called; a field that nobody named, by its own name."""
    return str(_FIELDS.get(name, name.replace("_", " ")))


def value_words(name: str, value: str) -> str:
    """What a value means."""
    return str(_VALUES.get(name, {}).get(value, value))
