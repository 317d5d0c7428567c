"""The arguments of a request, checked as OAI-PMH 2.0 wants (sections 2.7.1, 3.6 and 4)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

PREFIXES = ("oai_dc", "qdc")

_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "Identify": (),
    "ListMetadataFormats": (),
    "ListSets": (),
    "ListIdentifiers": ("metadataPrefix",),
    "ListRecords": ("metadataPrefix",),
    "GetRecord": ("identifier", "metadataPrefix"),
}
_OPTIONAL: Mapping[str, tuple[str, ...]] = {
    "ListMetadataFormats": ("identifier",),
    "ListIdentifiers": ("from", "until", "set"),
    "ListRecords": ("from", "until", "set"),
}
_RESUMED = ("ListIdentifiers", "ListRecords", "ListSets")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_SET = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(?::[A-Za-z0-9\-_.!~*'()]+)*")


class ProtocolError(ValueError):
    """An error of section 3.6; `code` is the protocol's own word."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class ListArguments:
    """What a list is selected by, and after which record it goes on."""

    prefix: str
    set_spec: str = ""
    since: datetime | None = None
    #: not included
    before: datetime | None = None
    after: tuple[datetime, int] | None = None
    cursor: int = 0


def verb_of(arguments: Mapping[str, Sequence[str]]) -> str:
    """Raises ProtocolError."""
    found = arguments.get("verb", ())
    if len(found) != 1 or found[0] not in _REQUIRED:
        raise ProtocolError("badVerb", "The verb is missing, repeated or not one of the six.")
    return found[0]


def checked(verb: str, arguments: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The arguments of a verb, each once and none too many. Raises ProtocolError."""
    plain = {}
    for name, values in arguments.items():
        if name == "verb":
            continue
        if len(values) != 1:
            raise ProtocolError("badArgument", f"{name} stands more than once.")
        plain[name] = values[0]
    if "resumptionToken" in plain and verb in _RESUMED:
        if len(plain) > 1:
            raise ProtocolError("badArgument", "resumptionToken stands alone.")
        return plain
    required, optional = _REQUIRED[verb], _OPTIONAL.get(verb, ())
    for name in plain:
        if name not in required and name not in optional:
            raise ProtocolError("badArgument", f"{verb} takes no {name[:40]}.")
    for name in required:
        if not plain.get(name):
            raise ProtocolError("badArgument", f"{verb} needs {name}.")
    return plain


def list_arguments(plain: Mapping[str, str]) -> ListArguments:
    """Raises ProtocolError."""
    prefix = plain["metadataPrefix"]
    require_prefix(prefix)
    set_spec = plain.get("set", "")
    if "set" in plain and not _SET.fullmatch(set_spec):
        raise ProtocolError("badArgument", "set is no setSpec.")
    since, until = plain.get("from"), plain.get("until")
    if since and until and len(since) != len(until):
        raise ProtocolError("badArgument", "from and until differ in granularity.")
    start = _moment(since)[0] if since is not None else None
    end = _moment(until)[1] if until is not None else None
    if start and end and start >= end:
        raise ProtocolError("badArgument", "from lies after until.")
    return ListArguments(prefix, set_spec, start, end)


def require_prefix(prefix: str) -> None:
    if prefix not in PREFIXES:
        raise ProtocolError("cannotDisseminateFormat", "Only oai_dc and qdc are offered.")


def _moment(text: str) -> tuple[datetime, datetime]:
    """The first moment of a day or second, and the one after its end."""
    try:
        if _DAY.fullmatch(text):
            day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
            return day, day + timedelta(days=1)
        if _SECOND.fullmatch(text):
            second = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            return second, second + timedelta(seconds=1)
    except (ValueError, OverflowError):
        pass
    raise ProtocolError("badArgument", "A date is YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.")


# --- resumption ----------------------------------------------------------------------------------


def token_of(verb: str, asked: ListArguments, secret: str) -> str:
    """A token that holds all it needs, so that it never expires and no server must remember it."""
    facts = [
        verb,
        asked.prefix,
        asked.set_spec,
        _stamp(asked.since),
        _stamp(asked.before),
        _stamp(asked.after[0]) if asked.after else None,
        asked.after[1] if asked.after else 0,
        asked.cursor,
    ]
    body = json.dumps(facts, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_signature(body, secret) + body).decode().rstrip("=")


def resumed(verb: str, token: str, secret: str) -> ListArguments:
    """Raises ProtocolError."""
    try:
        whole = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        signature, body = whole[:12], whole[12:]
        if not hmac.compare_digest(signature, _signature(body, secret)):
            raise ValueError("signature")
        said, prefix, set_spec, since, before, after, after_id, cursor = json.loads(body)
        if said != verb:
            raise ValueError("verb")
    except (ValueError, TypeError):
        raise ProtocolError("badResumptionToken", "The token is not one of ours.") from None
    start = ListArguments(prefix, set_spec, _back(since), _back(before), cursor=cursor)
    moment = _back(after)
    return replace(start, after=(moment, after_id)) if moment else start


def _signature(body: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), b"oai" + body, hashlib.sha256).digest()[:12]


def _stamp(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _back(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
