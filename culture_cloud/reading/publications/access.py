"""Who may open a publication, and what stands between: one answer for pages, pictures and files."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.reading.lending.models import Loan
from culture_cloud.reading.models import OnSiteNetwork, Publication, ReaderSettings, Rights

GROWN_UP = 18


class Way(StrEnum):
    """How it stands between a reader and a publication."""

    OPEN = "open"
    #: so many copies: it must be borrowed first
    BORROW = "borrow"
    #: only inside the halls
    ON_SITE = "on_site"
    #: not for the child whose account this is
    TOO_YOUNG = "too_young"
    #: for grown-ups who are signed in
    SIGN_IN = "sign_in"
    #: there is no file yet
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks: the account (None: a visitor), the age of a child's account, from which address."""

    account_id: int | None = None
    child_age: int | None = None
    address: str = ""
    keeps_history: bool = True


def reader_of(session: Session, account_id: int | None, address: str) -> Reader:
    """The reader behind a request."""
    if account_id is None:
        return Reader(address=address)
    settings = session.get(ReaderSettings, account_id)
    if settings is None:
        return Reader(account_id, None, address)
    return Reader(account_id, settings.child_age, address, settings.history)


def way(session: Session, publication: Publication, reader: Reader) -> Way:
    """What stands between the reader and the text; OPEN where nothing does."""
    age_from = publication.audience.age_from
    if reader.child_age is not None and age_from > reader.child_age:
        return Way.TOO_YOUNG
    if reader.account_id is None and age_from >= GROWN_UP:
        return Way.SIGN_IN
    if not publication.book_key:
        return Way.NOTHING
    if publication.rights == Rights.ON_SITE:
        return Way.OPEN if is_on_site(session, reader.address) else Way.ON_SITE
    if publication.rights == Rights.LICENSED and publication.licence is not None:
        return Way.OPEN if running_loan(session, publication.id, reader) else Way.BORROW
    return Way.OPEN


def is_same_for_all(publication: Publication) -> bool:
    """Whether every visitor who is not signed in sees the same: then pages may be kept."""
    is_limited = publication.rights == Rights.ON_SITE or (
        publication.rights == Rights.LICENSED and publication.licence is not None
    )
    return not is_limited


def running_loan(session: Session, publication_id: int, reader: Reader) -> Loan | None:
    """The reader's loan of the title, if one runs."""
    if reader.account_id is None:
        return None
    return session.scalar(
        select(Loan).where(
            Loan.publication_id == publication_id,
            Loan.account_id == reader.account_id,
            Loan.ended_at.is_(None),
            Loan.due_at > clock.now(),
        )
    )


def is_on_site(session: Session, address: str) -> bool:
    """Whether an address lies in one of the ranges of the halls."""
    try:
        asked = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(asked, ipaddress.IPv6Address) and asked.ipv4_mapped:
        asked = asked.ipv4_mapped
    for text in session.scalars(select(OnSiteNetwork.network)):
        network = ipaddress.ip_network(text, strict=False)
        if asked.version == network.version and asked in network:
            return True
    return False
