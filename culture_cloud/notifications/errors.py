"""What the rules of notices do not allow."""

from __future__ import annotations

from culture_cloud.errors import Refusal


class NoticeNotFailed(Refusal):
    """Only a notice that finally failed can be sent again."""
