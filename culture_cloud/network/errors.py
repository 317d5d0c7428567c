"""What the network refuses."""

from __future__ import annotations

from culture_cloud.errors import Refusal


class ClosingNotUnderstood(Refusal):
    """The last closed day lies before the first."""

    status = 422
