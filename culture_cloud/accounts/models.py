"""Accounts, sign-ins that can be revoked, and password resets."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from culture_cloud.audit import Watch
from culture_cloud.db import Base


class Account(Base):
    """A person who signs in, by phone or e-mail and password."""

    __tablename__ = "accounts"
    __audit__ = Watch("account", ("name", "phone", "email", "active", "deleted_at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    #: digits only, see culture_cloud.web.phones.normal_phone
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    #: when a code that was sent to the number came back; None: whose number it is, nobody knows
    phone_proved_at: Mapped[datetime | None]
    #: lower case
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    #: display preferences that follow the person to other devices (EL-02); None: not chosen
    mode: Mapped[str | None] = mapped_column(String(16))
    locale: Mapped[str | None] = mapped_column(String(16))
    #: as culture_cloud.web.display writes it; the empty text: all defaults, chosen as such
    display: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    #: the person asked to be forgotten: nothing names them here any more, the number stays, so
    #: that what staff did can still be told apart
    deleted_at: Mapped[datetime | None]

    @property
    def proved_phone(self) -> str | None:
        """The number, where the person has shown that it is theirs: only then is what was signed
        up by phone under it shown, sent along or ended here."""
        return self.phone if self.phone_proved_at else None

    __table_args__ = (
        CheckConstraint(
            "phone IS NOT NULL OR email IS NOT NULL OR deleted_at IS NOT NULL", name="reachable"
        ),
    )


class SignIn(Base):
    """One signed-in device. The browser holds a random token; only its hash is kept here."""

    __tablename__ = "sign_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: what the person recognises the device by: browser and system, no version, no address
    device: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    #: moved on at most once an hour, so that reading pages does not write
    seen_at: Mapped[datetime]
    #: the earlier of 30 days after signing in and 14 days after the last visit
    expires_at: Mapped[datetime]

    account: Mapped[Account] = relationship()


class PasswordReset(Base):
    """A way to set a new password without the old one. Short-lived; the row goes when it is used.

    By e-mail the link's token is all that is needed. By text message the token stays with the
    browser that asked, and the code from the message is needed besides.
    """

    __tablename__ = "password_resets"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: of token and code together, so that the few codes cannot be tried out on a stolen table
    code_hash: Mapped[str | None] = mapped_column(String(64))
    expires_at: Mapped[datetime]


class FamilyMember(Base):
    """Somebody whom the account's person signs up too: a child, a parent, a neighbour."""

    __tablename__ = "family_members"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(80))
    #: digits only; empty where the person has none
    phone: Mapped[str] = mapped_column(String(20), default="")
    #: child, parent, partner, other
    relation: Mapped[str] = mapped_column(String(16))
    #: the year alone: it says who is under fourteen and who is an elder, and no more
    birth_year: Mapped[int | None]
    #: a guardian's consent for a child under fourteen: the words and when (PIPL art. 31)
    consent: Mapped[str] = mapped_column(String(300), default="")
    consented_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class CalendarLink(Base):
    """The secret address under which a person's own calendar can be subscribed to."""

    __tablename__ = "calendar_links"

    account_id: Mapped[int] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    #: the unguessable part of the address; kept as it is, because it is shown again
    token: Mapped[str] = mapped_column(String(43), unique=True)
    created_at: Mapped[datetime]
