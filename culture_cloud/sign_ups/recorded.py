"""The words in which the audit trail speaks of sign-ups and proxies."""

from __future__ import annotations

from culture_cloud import audit
from culture_cloud.web.fields import lazy as _l

from .models import Channel, SignUpState

audit.words.describe(
    "sign_up",
    noun=_l("Sign-up"),
    actions={
        "made": _l("written down for somebody"),
        "confirmed": _l("confirmed"),
        "pending": _l("put up for review"),
        "declined": _l("not taken"),
        "cancelled": _l("cancelled"),
        "promoted": _l("promoted from the waiting list"),
        "offered": _l("offered places"),
        "party_changed": _l("party changed"),
        "attended": _l("checked in"),
        "no_show": _l("marked as not come"),
        "excused": _l("excused for not coming"),
    },
    fields={
        "state": _l("State"),
        "channel": _l("Came in"),
        "party_size": _l("How many"),
    },
    values={
        "state": {
            SignUpState.PENDING: _l("Being looked at"),
            SignUpState.WAITING: _l("On the waiting list"),
            SignUpState.CONFIRMED: _l("Confirmed"),
            SignUpState.ATTENDED: _l("Came"),
            SignUpState.NO_SHOW: _l("Did not come"),
            SignUpState.CANCELLED: _l("Cancelled"),
            SignUpState.DECLINED: _l("Not taken"),
        },
        "channel": {
            Channel.WEB: _l("Online"),
            Channel.PHONE: _l("By phone"),
            Channel.COUNTER: _l("In person"),
            Channel.PROXY: _l("Through somebody else"),
            Channel.WALK_IN: _l("Without signing up"),
        },
    },
)
audit.words.describe(
    "proxy",
    noun=_l("Acting for somebody"),
    actions={"agreed": _l("agreed to"), "revoked": _l("taken back by the person")},
    fields={"proxy": _l("Who acts"), "person": _l("For whom"), "relation": _l("As what")},
)
