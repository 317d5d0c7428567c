"""What the rules of accounts do not allow."""

from __future__ import annotations

from culture_cloud.errors import Refusal


class AlreadyRegistered(Refusal):
    """There is an account with this phone number or e-mail address."""


class ResetEnded(Refusal):
    """The link or code to set a new password was used, is too old, or never was."""

    status = 410


class TooManyFamilyMembers(Refusal):
    """One account writes down at most family.MOST people."""


class HasRoles(Refusal):
    """A member of staff cannot be deleted while they hold a role."""
