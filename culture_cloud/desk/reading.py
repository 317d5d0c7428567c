"""From the form to the facts that activities.services takes; what cannot be is said beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from urllib.parse import urlsplit

from flask_babel import gettext as _

from culture_cloud.activities.errors import CapacityBelowTaken, NotReady
from culture_cloud.activities.models import Activity, Enrolment, SignUpWay
from culture_cloud.activities.services import ActivityFacts, SessionFacts
from culture_cloud.errors import NotFound
from culture_cloud.media.addresses import POSTER_WIDTHS
from culture_cloud.media.pictures import PictureRefused, PictureStore
from culture_cloud.media.wording import picture_refusal_words
from culture_cloud.network.models import Node
from culture_cloud.web.fields import ClockField, DayField
from culture_cloud.web.moments import at

from .dates import read_dates, read_further_dates
from .forms import ActivityForm, refuse
from .spans import facts_of, same_facts, scheduled, span_of

END_OF_DAY = time(23, 59)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads a form that was sent.

    `node_of` gives the reader's own node of a code, or None; `before` is what is being changed;
    `dates_fixed` says that its dates are only added to.
    """

    node_of: Callable[[str], Node | None]
    store: PictureStore
    before: Activity | None = None
    dates_fixed: bool = False

    def facts(self, form: ActivityForm) -> ActivityFacts | None:
        """The facts; None where something must be looked at again, which then stands beside it."""
        form.validate()
        self.keep_picture(form)
        node = self.node_of(form.node.data or "")
        if node is None:
            if not form.node.errors:
                refuse(form.node, _("Please choose one of your halls"))
            return None
        self._follow_node(form, node)
        sessions, rrule = self._sessions(form)
        facts = self._facts(form, node, sessions, rrule)
        return None if form.errors else facts

    def _facts(
        self, form: ActivityForm, node: Node, sessions: Sequence[SessionFacts], rrule: str
    ) -> ActivityFacts:
        before = self.before
        by_lot = before is not None and before.sign_up == SignUpWay.DRAW
        here = by_lot or form.sign_up.data == SignUpWay.HERE
        elsewhere = not by_lot and form.sign_up.data == SignUpWay.ELSEWHERE
        moved = before is None or (before.node_id, before.address, before.place_name) != (
            node.id, form.address.data, form.place.data
        )  # fmt: skip
        is_course = here and form.course.data
        opens_at = _moment(form.opens_day, form.opens_time, time()) if here else None
        return ActivityFacts(
            title=form.title.data or "",
            kind_code=form.kind.data or "",
            node_id=node.id,
            sessions=sessions,
            rrule=rrule,
            description=form.description.data or "",
            place_name=form.place.data or "",
            place_node_id=_place_node_id(form, node, before, moved=moved),
            address=form.address.data or "",
            latitude=None if moved or before is None else before.latitude,
            longitude=None if moved or before is None else before.longitude,
            is_free=form.is_free,
            fee="" if form.is_free else form.fee.data or "",
            bring=form.bring.data or "",
            access=form.access.data or (),
            audience_codes=form.audiences.data or (),
            organiser=form.organiser.data or "",
            teacher=form.teacher.data or "",
            co_organisers=form.co_organisers.data or "",
            contact_phone=form.phone.data or "",
            poster=form.poster.data or None,
            poster_alt=(form.poster_alt.data or "") if form.poster.data else "",
            # while a draw runs it alone says how places are given
            sign_up=SignUpWay.DRAW if by_lot else form.sign_up.data or SignUpWay.NONE,
            sign_up_url=_web_address(form) if elsewhere else "",
            enrolment=Enrolment.COURSE if is_course else Enrolment.SESSION,
            capacity=form.capacity.data if here else None,
            sign_up_opens_at=opens_at,
            sign_up_closes_at=_closing(form, opens_at) if here else None,
            max_party=form.max_party.data or 5,
            source=before.source if before else "desk",
            feed_id=before.feed_id if before else None,
            source_name=before.source_name if before else "",
            source_url=before.source_url if before else "",
            extra=before.extra if before else {},
        )

    def _sessions(self, form: ActivityForm) -> tuple[list[SessionFacts], str]:
        before = self.before
        if before is not None and self.dates_fixed:
            standing = scheduled(before.sessions) or before.sessions
            further = read_further_dates(form, span_of(standing[-1]) if standing else None)
            taken = {s.starts_at for s in scheduled(before.sessions)}
            added = [facts_of(span) for span in further if span.starts_at not in taken]
            return [*map(same_facts, before.sessions), *added], before.rrule
        known = [s.starts_at for s in before.sessions] if before else []
        dates = read_dates(form, known)
        return [facts_of(span) for span in dates.spans], dates.rrule

    def _follow_node(self, form: ActivityForm, node: Node) -> None:
        """Where another hall was chosen, what the first one had filled in is the new one's."""
        drawn = self.node_of(form.drawn_for.data or "")
        if drawn is not None and drawn.id != node.id:
            if form.place.data in {"", drawn.plate_name}:
                form.place.data = node.plate_name
            if set(form.access.data or ()) == set(drawn.access):
                form.access.data = list(node.access)
        form.drawn_for.data = node.code

    def keep_picture(self, form: ActivityForm) -> None:
        """Store an upload at once, so that it is not lost when another answer is wrong."""
        if form.poster_gone.data:
            form.poster.data, form.poster_alt.data = "", ""
            form.poster_gone.data = False
        elif form.picture.data:
            try:
                form.poster.data = self.store.add(form.picture.data.read())
            except PictureRefused as refused:
                refuse(form.picture, picture_refusal_words(refused.reason))
        elif form.poster.data and not _is_stored(self.store, form.poster.data):
            form.poster.data = ""
            refuse(form.picture, _("Please choose the picture again"))
        if form.poster.data and not form.poster_alt.data:
            refuse(form.poster_alt, _("Please write what the picture shows"))


def _place_node_id(
    form: ActivityForm, node: Node, before: Activity | None, *, moved: bool
) -> int | None:
    """The hall it takes place in; None where an address says where."""
    if before is not None and not moved:
        return before.place_node_id
    return None if form.address.data else node.id


def _is_stored(store: PictureStore, key: str) -> bool:
    try:
        store.read(key, POSTER_WIDTHS[0])
    except NotFound:
        return False
    return True


def _moment(day: DayField, clock_time: ClockField, otherwise: time) -> datetime | None:
    if day.errors or clock_time.errors:
        return None
    if day.data is None:
        if clock_time.data is not None:
            refuse(day, _("Please write the date as well"))
        return None
    return at(day.data, clock_time.data or otherwise)


def _closing(form: ActivityForm, opens: datetime | None) -> datetime | None:
    closes = _moment(form.closes_day, form.closes_time, END_OF_DAY)
    if opens is not None and closes is not None and closes <= opens:
        refuse(form.closes_day, _("Sign-up ends before it begins. Please look at both dates"))
    return closes


def _web_address(form: ActivityForm) -> str:
    """The address with its scheme; only what a browser opens as a page."""
    text = form.sign_up_url.data or ""
    if not text:
        return ""
    whole = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(whole)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or "." not in parts.netloc or " " in whole:
        refuse(form.sign_up_url, _("Please write the address like https://example.org/page"))
        return ""
    return whole


# --- what the services refuse --------------------------------------------------------------------


def say_not_ready(form: ActivityForm, refusal: NotReady) -> None:
    """Name what people still need to know, beside the questions for it."""
    questions = {
        "title": (form.title, _("Please write what it is called")),
        "sessions": (form.day, _("Please write the date")),
        "place_name": (form.place, _("Please write where it is")),
        "poster_alt": (form.poster_alt, _("Please write what the picture shows")),
        "fee": (form.fee, _("Please write how much it costs")),
        "contact_phone": (form.phone, _("Please give a phone number or the address of the page")),
    }
    for name in refusal.missing:
        refuse(*questions[name])


def say_too_few_places(form: ActivityForm, refusal: CapacityBelowTaken) -> None:
    message = _("%(taken)s places are taken. Please write at least %(taken)s", taken=refusal.taken)
    refuse(form.capacity, message)


def say_signed_up(form: ActivityForm) -> None:
    """People hold places in the way that was to be changed."""
    refuse(form.sign_up, _("People have signed up already. Please leave this as it was"))
