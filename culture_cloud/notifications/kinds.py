"""Which kind of message each template is, and what follows from that: one table.

A person may switch kinds off, except what answers a deed of their own or guards the account, and
except changes: whoever signed up must hear that it does not take place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class NoticeKind(StrEnum):
    #: about signing in: codes, a changed password
    ACCOUNT = "account"
    #: the answer to what the person has just done
    ANSWER = "answer"
    #: something became different: moved, cancelled, a place became free, declined
    CHANGE = "change"
    REMINDER = "reminder"
    #: after it: thanks, and two questions
    THANKS = "thanks"
    #: words of the organiser to those who come
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Rules:
    """`optional`: the person may switch it off. `quiet`: no phone rings for it at night.
    `call`: staff call whoever can be reached by neither text message nor e-mail. `inbox`: a copy
    lies on the person's own page. `share`: percent of the day's text messages after which it is
    held back, so that what is more urgent still goes out."""

    kind: NoticeKind
    optional: bool
    quiet: bool
    call: bool
    inbox: bool = True
    share: int = 100


_BY_KIND = {
    rules.kind: rules
    for rules in (
        Rules(NoticeKind.ACCOUNT, optional=False, quiet=False, call=False),
        Rules(NoticeKind.ANSWER, optional=True, quiet=False, call=False),
        Rules(NoticeKind.CHANGE, optional=False, quiet=True, call=True),
        Rules(NoticeKind.REMINDER, optional=True, quiet=True, call=True, share=80),
        Rules(NoticeKind.THANKS, optional=True, quiet=True, call=False, share=50),
        Rules(NoticeKind.MESSAGE, optional=True, quiet=True, call=True, share=80),
    )
}
OPTIONAL = tuple(kind for kind, rules in _BY_KIND.items() if rules.optional)
"""What a person is asked about."""

_KINDS: Mapping[str, NoticeKind] = MappingProxyType(
    {
        "accounts/password_changed": NoticeKind.ACCOUNT,
        "accounts/deleted": NoticeKind.ACCOUNT,
        "sign_ups/confirmed": NoticeKind.ANSWER,
        "sign_ups/pending": NoticeKind.ANSWER,
        "sign_ups/waiting": NoticeKind.ANSWER,
        "sign_ups/party_changed": NoticeKind.ANSWER,
        "sign_ups/cancelled_by_person": NoticeKind.ANSWER,
        "sign_ups/reminder": NoticeKind.REMINDER,
        "sign_ups/thanks": NoticeKind.THANKS,
        "sign_ups/message": NoticeKind.MESSAGE,
    }
)
_OUTSIDE = frozenset({"accounts/reset", "accounts/deleted"})
"""What opens something, and what is said to who has no account any more."""
_NO_INBOX = Rules(NoticeKind.ACCOUNT, optional=False, quiet=False, call=False, inbox=False)


def rules_of(template: str) -> Rules:
    """The rules of a template; what nobody named is a change, which is told for certain."""
    if template in _OUTSIDE:
        return _NO_INBOX
    return _BY_KIND[_KINDS.get(template, NoticeKind.CHANGE)]
