"""What check-in refuses."""

from __future__ import annotations

from culture_cloud.errors import Refusal


class NotBegun(Refusal):
    """Who did not come can be marked once it has begun."""


class TooManyCame(Refusal):
    """More came than the party has people: the others are walk-ins."""
