"""The demo's accounts, its pool of invented residents, and who signs up for what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from culture_cloud.demo.content.fields import Fields, by_code, read_json
from culture_cloud.demo.content.network import Network, Term, read_terms
from culture_cloud.demo.content.programme import Activity, Programme

DISPLAYS = ("standard", "elder")
CHANNELS = ("web", "phone", "counter", "proxy")
OWN_STATES = ("confirmed", "waiting", "attended")
RESIDENT = "resident"


@dataclass(frozen=True)
class Account:
    """A demo account. Staff have a node; residents have none. `acts_for` are account codes."""

    code: str
    name: str
    role: str
    node: str | None
    phone: str
    email: str
    about: str
    display: str
    acts_for: tuple[str, ...]


@dataclass(frozen=True)
class Resident:
    """One invented resident of the pool."""

    name: str
    phone: str


@dataclass(frozen=True)
class SignUpCount:
    """How many people of the pool have signed up for a session of an activity.

    `session` counts from 1 among `Activity.bookable`. The states confirmed, attended and
    no_show are places; `pairs` of those sign-ups hold two places each, `kept` of the places
    are the ones kept for older people. Waiting and cancelled are sign-ups of one place. `phone`,
    `counter` and `proxy` say by which channel sign-ups came; the others came by the web.
    """

    activity: str
    session: int
    confirmed: int
    attended: int
    no_show: int
    waiting: int
    cancelled: int
    pairs: int
    kept: int
    phone: int
    counter: int
    proxy: int

    @property
    def places(self) -> int:
        return self.confirmed + self.attended + self.no_show

    @property
    def people(self) -> int:
        """The sign-ups, each by another resident of the pool."""
        return self.places - self.pairs + self.waiting + self.cancelled


@dataclass(frozen=True)
class OwnSignUp:
    """A sign-up of a demo account, always for the first bookable session."""

    account: str
    activity: str
    state: str
    channel: str
    proxy: str | None
    places: int
    kept: bool

    @property
    def places_held(self) -> int:
        return 0 if self.state == "waiting" else self.places


@dataclass(frozen=True)
class People:
    """Everybody in the demo."""

    roles: Mapping[str, Term]
    accounts: Mapping[str, Account]
    pool: tuple[Resident, ...]
    sign_ups: tuple[SignUpCount, ...]
    own_sign_ups: tuple[OwnSignUp, ...]


def read_people(folder: Path, network: Network, programme: Programme) -> People:
    """The people from people.json. Raises ValueError with the place of the first mistake."""
    file = read_json(folder / "people.json")
    roles = read_terms(file, "roles")
    items = file.children("accounts")
    accounts = by_code([_read_account(item, roles, network) for item in items], file.place)
    activities = programme.activities
    people = People(
        roles,
        accounts,
        tuple(_read_resident(item) for item in file.children("pool")),
        tuple(_read_count(item, activities) for item in file.children("sign_ups")),
        tuple(_read_own(item, accounts, activities) for item in file.children("own_sign_ups")),
    )
    file.close()
    _check_phones(people)
    _check_places(people, activities)
    return people


def _read_account(item: Fields, roles: Mapping[str, Term], network: Network) -> Account:
    account = Account(
        code=item.text("code"),
        name=item.text("name"),
        role=item.code("role", roles),
        node=item.code("node", network.nodes) if item.has("node") else None,
        phone=item.text("phone"),
        email=item.text("email"),
        about=item.text("about"),
        display=item.code("display", DISPLAYS) if item.has("display") else "standard",
        acts_for=item.texts("acts_for"),
    )
    item.close()
    if (account.node is None) != (account.role == RESIDENT):
        raise item.fault("staff have a node and residents have none")
    return account


def _read_resident(item: Fields) -> Resident:
    resident = Resident(item.text("name"), item.text("phone"))
    item.close()
    return resident


def _read_count(item: Fields, activities: Mapping[str, Activity]) -> SignUpCount:
    numbers = (
        "confirmed", "attended", "no_show", "waiting", "cancelled",
        "pairs", "kept", "phone", "counter", "proxy",
    )  # fmt: skip
    count = SignUpCount(
        activity=item.code("activity", activities),
        session=item.count("session", 1),
        **{key: item.count(key, 0) for key in numbers},
    )
    item.close()
    rule = activities[count.activity].sign_up
    if rule is None:
        raise item.fault(f"{count.activity} takes no sign-up")
    if count.pairs and rule.max_party < 2:
        raise item.fault(f"{count.activity} takes no parties of two")
    if count.pairs * 2 > count.confirmed + count.attended:
        raise item.fault("more pairs than places")
    if count.phone + count.counter + count.proxy > count.people:
        raise item.fault("more channels than sign-ups")
    return count


def _read_own(
    item: Fields, accounts: Mapping[str, Account], activities: Mapping[str, Activity]
) -> OwnSignUp:
    own = OwnSignUp(
        account=item.code("account", accounts),
        activity=item.code("activity", activities),
        state=item.code("state", OWN_STATES),
        channel=item.code("channel", CHANNELS),
        proxy=item.code("proxy", accounts) if item.has("proxy") else None,
        places=item.count("places", 1),
        kept=item.flag("kept"),
    )
    item.close()
    rule = activities[own.activity].sign_up
    if rule is None or not 1 <= own.places <= rule.max_party:
        raise item.fault(f"{own.activity} does not take a party of {own.places}")
    if (own.channel == "proxy") != (own.proxy is not None):
        raise item.fault("a proxy belongs to the channel proxy")
    if own.proxy and own.account not in accounts[own.proxy].acts_for:
        raise item.fault(f"{own.proxy} may not act for {own.account}")
    return own


def _check_phones(people: People) -> None:
    seen: set[str] = set()
    phones = [account.phone for account in people.accounts.values()]
    for phone in phones + [resident.phone for resident in people.pool]:
        if phone in seen:
            raise ValueError(f"people.json: the phone {phone} stands twice")
        seen.add(phone)


def _check_places(people: People, activities: Mapping[str, Activity]) -> None:
    """No session may hold more than its places, neither the open ones nor the kept ones (R84)."""
    open_taken: dict[tuple[str, int], int] = defaultdict(int)
    kept_taken: dict[tuple[str, int], int] = defaultdict(int)
    for count in people.sign_ups:
        key = count.activity, count.session
        if key in open_taken:
            raise ValueError(f"people.json: sign_ups of {key} stand twice")
        if count.people > len(people.pool):
            raise ValueError(f"people.json: the pool is too small for {key}")
        open_taken[key] += count.places - count.kept
        kept_taken[key] += count.kept
    for own in people.own_sign_ups:
        taken = kept_taken if own.kept else open_taken
        taken[own.activity, 1] += own.places_held
    for taken, kept in ((open_taken, False), (kept_taken, True)):
        for (code, session), places in taken.items():
            rule = activities[code].sign_up
            limit = 0 if rule is None else rule.elders if kept else rule.open_places
            if places > limit:
                raise ValueError(
                    f"people.json: sign_ups of {code}, session {session}:"
                    f" {places} places taken of {limit}"
                )
