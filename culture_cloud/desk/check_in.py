"""At the door: the list, arrivals, walk-ins, heads, and who did not come.

All its pages lie below /desk/check-in/, which is also as far as its service worker reaches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request
from flask import url_for as to
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import clock, db
from culture_cloud.access.permissions import Permission
from culture_cloud.activities.models import Activity, ActivitySession, SignUpWay
from culture_cloud.check_in import arriving, closing, queries
from culture_cloud.check_in.arriving import Report
from culture_cloud.check_in.errors import NotBegun, TooManyCame
from culture_cloud.check_in.models import Conflict, Source
from culture_cloud.errors import NotFound
from culture_cloud.follow_up import ratings
from culture_cloud.sign_ups import services, wording
from culture_cloud.sign_ups.errors import SignUpRefused
from culture_cloud.sign_ups.offers import offer
from culture_cloud.sign_ups.states import By
from culture_cloud.web import static_files, words
from culture_cloud.web.fields import new_key, one_line
from culture_cloud.web.phones import masked_phone
from culture_cloud.web.policies import staff

from . import own

bp = Blueprint("desk_check_in", __name__, url_prefix="/desk/check-in")

MANAGE = Permission.SIGN_UPS_MANAGE
MOST_REPORTS = 500
"""Arrivals that one device hands over at once; more are sent in a second go."""


@dataclass(frozen=True, slots=True)
class Door:
    """A session of an own activity, and the list of who is expected."""

    activity: Activity
    occurrence: ActivitySession
    entries: list[queries.Entry]

    @property
    def when(self) -> str:
        s = self.occurrence
        return words.when_words(s.starts_at, s.ends_at, all_day=s.all_day, end_known=s.end_known)

    def url(self, endpoint: str, **values: object) -> str:
        return to(
            f"desk_check_in.{endpoint}",
            session_id=self.occurrence.id,
            **values,  # type: ignore[arg-type]
        )


def _door(session: Session, session_id: int) -> Door:
    """Raises NotFound, also for others'."""
    occurrence = session.get(ActivitySession, session_id)
    if occurrence is None:
        raise NotFound
    activity = own.activity(session, occurrence.activity_id, MANAGE)
    return Door(activity, occurrence, queries.entries(session, occurrence))


def _by() -> By:
    return By(current_user.account_id, current_user.name, is_staff=True)


@bp.get("/<int:session_id>")
@staff(MANAGE)
def door(session_id: int) -> str:
    """The list; `q` is what was typed or scanned."""
    session = db.session()
    found = _door(session, session_id)
    wanted = one_line(request.args.get("q"))[:200]
    shown = queries.fitting(found.entries, wanted) if wanted else found.entries
    return render_template(
        "desk/check_in/door.html",
        door=found,
        wanted=wanted,
        rows=[_row(entry) for entry in shown],
        numbers=queries.numbers(session, found.occurrence, found.entries),
        conflicts=[_conflict(report) for report in queries.conflicts(session, session_id)],
        gives_places=found.activity.sign_up == SignUpWay.HERE,
        has_begun=found.occurrence.starts_at <= clock.now(),
        closed=closing.is_closed(session, session_id),
        key=new_key,
        said=ratings.summary(session, found.activity.id),
        back=to("desk_activities.page", activity_id=found.activity.id),
    )


def _row(entry: queries.Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "name": entry.name or _("Walk-in"),
        "companions": _(", ").join(entry.companions),
        "phone": masked_phone(entry.phone),
        "code": f"{entry.code[:3]} {entry.code[3:]}",
        "party": entry.party,
        "came": entry.came,
        "state": _came_words(entry),
        "here": entry.came > 0,
        "gone": queries.counts_as_gone(entry),
    }


def _came_words(entry: queries.Entry) -> str:
    if queries.counts_as_gone(entry):
        return str(_("Did not come"))
    if not entry.came:
        return str(ngettext("%(num)d person expected", "%(num)d people expected", entry.party))
    if entry.came < entry.party:
        return str(_("%(came)s of %(party)s came", came=entry.came, party=entry.party))
    if entry.party == 1:
        return str(_("Came"))
    return str(_("All %(num)s came", num=entry.party))


def _conflict(report: Any) -> dict[str, Any]:
    name = report.sign_up.name or _("Walk-in")
    return {
        "id": report.id,
        "name": name,
        "sign_up_id": report.sign_up_id,
        "party": report.sign_up.party_size,
        "no_place": report.conflict == Conflict.NO_PLACE,
        "words": _(
            "%(name)s came at %(time)s, but the sign-up had been cancelled.",
            name=name,
            time=words.time_words(report.at),
        )
        if report.conflict == Conflict.NO_PLACE
        else _(
            "%(name)s: one device counted %(count)s, another one differently. How many came?",
            name=name,
            count=report.count,
        ),
    }


# --- pressing ------------------------------------------------------------------------------------


@bp.post("/<int:session_id>/arrive")
@staff(MANAGE)
def arrive(session_id: int) -> BaseResponse:
    """So many of a party are here; 0 takes it back."""
    _door(db.session(), session_id)
    _valid_press()
    sign_up_id, count = _number("sign_up_id"), _number("count")
    try:
        with db.transaction() as session:
            arriving.report(
                session,
                Report(
                    key=_key(),
                    sign_up_id=sign_up_id,
                    session_id=session_id,
                    count=count,
                    at=clock.now(),
                    source=Source.DOOR,
                    by_id=current_user.account_id,
                ),
            )
    except TooManyCame:
        flash(_("So many are not in this party. Let the others in as walk-ins."), "warning")
    else:
        flash(_("Noted.") if count else _("Taken back."), "success")
    return redirect(to("desk_check_in.door", session_id=session_id), code=303)


@bp.post("/<int:session_id>/walk-in")
@staff(MANAGE)
def walk_in(session_id: int) -> BaseResponse:
    """Somebody who did not sign up takes a place and is here, in one press."""
    found = _door(db.session(), session_id)
    _valid_press()
    party = min(max(_number("party"), 1), 10)
    of_session = None if found.activity.enrolment == "course" else session_id
    try:
        with db.transaction() as session:
            result = services.walk_in(
                session,
                activity_id=found.activity.id,
                session_id=of_session,
                idempotency_key=_key(),
                party_size=party,
                by=_by(),
            )
            arriving.came_at_once(session, result.sign_up_id, session_id, party)
    except SignUpRefused as refusal:
        now = offer(db.session(), found.activity.id, of_session)
        title, text = wording.refusal_words(refusal, now)
        flash(f"{title} {text}", "warning")
    else:
        flash(ngettext("%(num)d walk-in let in.", "%(num)d walk-ins let in.", party), "success")
    return redirect(found.url("door"), code=303)


@bp.post("/<int:session_id>/dismiss/<int:report_id>")
@staff(MANAGE)
def dismiss(session_id: int, report_id: int) -> BaseResponse:
    """A report about somebody without a place was looked at."""
    found = _door(db.session(), session_id)
    _valid_press()
    with db.transaction() as session:
        arriving.dismiss(session, session_id, report_id)
    return redirect(found.url("door"), code=303)


@bp.post("/<int:session_id>/close")
@staff(MANAGE)
def close(session_id: int) -> BaseResponse:
    """Mark who did not come."""
    found = _door(db.session(), session_id)
    _valid_press()
    try:
        with db.transaction() as session:
            marked = closing.close(session, session_id, _by())
        flash(
            ngettext(
                "%(num)d sign-up is marked as not come.",
                "%(num)d sign-ups are marked as not come.",
                marked,
            ),
            "success",
        )
    except NotBegun:
        flash(_("It has not begun yet. Mark who did not come afterwards."), "warning")
    return redirect(found.url("door"), code=303)


@bp.post("/<int:session_id>/reopen")
@staff(MANAGE)
def reopen(session_id: int) -> BaseResponse:
    """Take the marks back."""
    found = _door(db.session(), session_id)
    _valid_press()
    with db.transaction() as session:
        closing.reopen(session, session_id, _by())
    flash(_("Taken back: they are expected again."), "success")
    return redirect(found.url("door"), code=303)


def _valid_press() -> None:
    """Raises NotFound for what no button of ours sends (the token is checked before)."""
    if not FlaskForm().is_submitted():
        raise NotFound


def _number(name: str) -> int:
    text = request.form.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NotFound
    return int(text)


def _key() -> str:
    return request.form.get("key", "")[:64] or new_key()


# --- heads ---------------------------------------------------------------------------------------


@bp.route("/<int:session_id>/heads", methods=["GET", "POST"])
@staff(MANAGE)
def heads(session_id: int) -> BaseResponse | str:
    """Only count: for open-air shows, where nobody is asked for a name."""
    found = _door(db.session(), session_id)
    if request.method == "POST":
        text = request.form.get("heads", "")
        wrong = not text.lstrip("-").isdigit() or not -1000 <= int(text) <= 10_000
        if wrong:
            flash(_("Please give a number, such as 25."), "warning")
        else:
            with db.transaction() as session:
                arriving.count_heads(
                    session, session_id, int(text), key=_key(), by_id=current_user.account_id
                )
        return redirect(found.url("heads"), code=303)
    return render_template(
        "desk/check_in/heads.html",
        door=found,
        counted=arriving.heads_of(db.session(), session_id),
        key=new_key,
    )


# --- from paper ----------------------------------------------------------------------------------


@bp.route("/<int:session_id>/sheet", methods=["GET", "POST"])
@staff(MANAGE)
def sheet(session_id: int) -> BaseResponse | str:
    """Late entry: tick off from the sheet that people signed, all in one go."""
    found = _door(db.session(), session_id)
    if request.method == "POST":
        changed = _keep_sheet(found)
        flash(ngettext("%(num)d line changed.", "%(num)d lines changed.", changed), "success")
        return redirect(found.url("door"), code=303)
    return render_template(
        "desk/check_in/sheet.html", door=found, rows=[_row(entry) for entry in found.entries]
    )


def _keep_sheet(found: Door) -> int:
    """Only lines that differ from the list are reports."""
    changed = 0
    with db.transaction() as session:
        for entry in found.entries:
            text = request.form.get(f"came-{entry.id}", "")
            if not text.isdigit() or int(text) == entry.came or int(text) > entry.party:
                continue
            arriving.report(
                session,
                Report(
                    key=new_key(),
                    sign_up_id=entry.id,
                    session_id=found.occurrence.id,
                    count=int(text),
                    at=max(min(found.occurrence.ends_at, clock.now()), found.occurrence.starts_at),
                    source=Source.SHEET,
                    by_id=current_user.account_id,
                ),
            )
            changed += 1
    return changed


# --- without network -----------------------------------------------------------------------------


@bp.get("/worker.js")
@staff(MANAGE)
def worker() -> Response:
    """The service worker: from here it reaches the pages of check-in and no others."""
    body = static_files.load("js/check-in-worker.js").body
    response = Response(body, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/<int:session_id>/list.json")
@staff(MANAGE)
def list_file(session_id: int) -> Response:
    """How many of each party are here, as the server knows it, and a token to send with."""
    found = _door(db.session(), session_id)
    response = jsonify(
        csrf_token=generate_csrf(),
        came={str(entry.id): entry.came for entry in found.entries},
        conflicts=len(queries.conflicts(db.session(), session_id)),
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/<int:session_id>/merge")
@staff(MANAGE)
def merge(session_id: int) -> BaseResponse:
    """Arrivals that a device kept while it had no network: [{key, sign_up_id, count, at}].

    Answers for each key with what came of it; what cannot be used is answered too, so that the
    device does not send it for ever.
    """
    _door(db.session(), session_id)
    sent = request.get_json(silent=True)
    if not isinstance(sent, list) or len(sent) > MOST_REPORTS:
        return _answer({"error": "a list of at most 500 reports"}, 422)
    outcomes: dict[str, str] = {}
    for item in sent:
        report = _read(item, session_id)
        if report is None:
            if isinstance(item, dict) and isinstance(item.get("key"), str):
                outcomes[item["key"]] = "refused"
            continue
        outcomes[report.key] = _merged(report)
    return _answer(outcomes, 200)


def _answer(body: dict[str, str], status: int) -> Response:
    response = jsonify(body)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _read(item: object, session_id: int) -> Report | None:
    """A report as a device wrote it; None where it is none."""
    if not isinstance(item, dict):
        return None
    key, sign_up_id, count = item.get("key"), item.get("sign_up_id"), item.get("count")
    at = _moment(item.get("at"))
    sound: Callable[[object], bool] = lambda n: type(n) is int and 0 <= n < 2**31  # noqa: E731
    if not isinstance(key, str) or not 8 <= len(key) <= 64 or at is None:
        return None
    if not (sound(sign_up_id) and sound(count)):
        return None
    return Report(
        key=key,
        sign_up_id=int(str(sign_up_id)),
        session_id=session_id,
        count=int(str(count)),
        at=at,
        source=Source.OFFLINE,
        by_id=current_user.account_id,
    )


def _moment(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _merged(report: Report) -> str:
    try:
        with db.transaction() as session:
            outcome = arriving.report(session, report)
    except (NotFound, TooManyCame):
        return "refused"
    if outcome.conflict is not None:
        return "conflict"
    return "seen" if outcome.seen_before else "counted"
