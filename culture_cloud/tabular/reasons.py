"""Why a file or a value could not be used, as a message that the page can translate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from culture_cloud.errors import Refusal


def N_(msgid: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Mark a message for the catalogue; it is translated where it is shown."""
    return msgid


@dataclass(frozen=True)
class Reason:
    """An English message with `%(name)s` parameters: `gettext(reason.msgid, **reason.params)`."""

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid % self.params if self.params else self.msgid


class FileNotReadable(Refusal):
    """The whole file cannot be read. `reason` says why and what to do about it."""

    status = 422

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason
