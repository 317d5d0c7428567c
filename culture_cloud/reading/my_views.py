"""My reading: what was begun, what is borrowed, marks, and what the site remembers of it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import clock, db
from culture_cloud.accounts.signing_in import prove_again
from culture_cloud.errors import NotFound
from culture_cloud.reading.lending.models import Hold, HoldState, Loan
from culture_cloud.web.policies import signed_in

from .blueprint import own_bp as bp
from .lending import services as lending
from .models import Mark, Publication, ReadingPosition
from .publications import presenter, queries
from .reader import progress

AGES = (5, 8, 11, 14, 17)


@bp.get("/my")
@signed_in
def mine() -> str:
    """All of it on one page."""
    session, account_id = db.session(), current_user.account_id
    begun = queries.being_read(session, account_id, limit=50)
    finished = list(
        session.scalars(
            select(ReadingPosition)
            .join(Publication)
            .where(
                ReadingPosition.account_id == account_id,
                ReadingPosition.finished_at.is_not(None),
            )
            .order_by(ReadingPosition.finished_at.desc())
            .limit(50)
        )
    )
    return render_template(
        "reading/mine.html",
        begun=[_row(place) for place in begun],
        finished=[_row(place) for place in finished],
        loans=_loans(account_id),
        holds=_holds(account_id),
        marked=_marked(account_id),
        settings=progress.settings_of(session, account_id),
        ages=AGES,
    )


def _row(place: ReadingPosition) -> dict[str, Any]:
    return {
        "card": presenter.card(
            place.publication,
            note=_("%(share)s read", share=f"{round(place.share * 100)} %"),
            href=url_for(".go_on", publication_id=place.publication_id),
        ),
        "publication_id": place.publication_id,
        "title": place.publication.title,
    }


def _loans(account_id: int) -> list[Loan]:
    return list(
        db.session().scalars(
            select(Loan)
            .where(
                Loan.account_id == account_id, Loan.ended_at.is_(None), Loan.due_at > clock.now()
            )
            .order_by(Loan.due_at)
        )
    )


def _holds(account_id: int) -> list[dict[str, Any]]:
    session = db.session()
    rows = session.scalars(
        select(Hold)
        .where(Hold.account_id == account_id, Hold.state.in_(lending.OPEN_HOLDS))
        .order_by(Hold.id)
    )
    return [
        {
            "hold": hold,
            "is_ready": hold.state == HoldState.READY,
            "position": lending.place_in_queue(session, hold),
        }
        for hold in rows
    ]


def _marked(account_id: int) -> list[dict[str, Any]]:
    rows = db.session().execute(
        select(Publication.id, Publication.title, func.count())
        .join(Mark, Mark.publication_id == Publication.id)
        .where(Mark.account_id == account_id)
        .group_by(Publication.id, Publication.title)
        .order_by(func.max(Mark.id).desc())
        .limit(100)
    )
    return [
        {"href": url_for(".my_marks", publication_id=id_), "title": title, "end": str(number)}
        for id_, title, number in rows
    ]


@bp.post("/my/forget")
@signed_in
def forget() -> BaseResponse:
    """Delete the place of one title, or of all."""
    which = request.form.get("publication", "")
    with db.transaction() as session:
        progress.forget(session, current_user.account_id, int(which) if which.isdigit() else None)
    flash(_("It is forgotten."), "success")
    return redirect(url_for(".mine"), code=303)


@bp.post("/my/history")
@signed_in
def history() -> BaseResponse:
    """Keep places from now on, or keep none and delete what was kept."""
    keep = request.form.get("keep") == "1"
    with db.transaction() as session:
        progress.keep_history(session, current_user.account_id, keep=keep)
    flash(
        _("Your place in books is kept from now on.")
        if keep
        else _("Nothing about your reading is kept any more. What was kept is deleted."),
        "success",
    )
    return redirect(url_for(".mine"), code=303)


@bp.post("/my/child")
@signed_in
def child() -> BaseResponse:
    """Let a child use this account. Whoever lifts the limit needs the password."""
    text = request.form.get("age", "")
    age = int(text) if text in {str(a) for a in AGES} else None
    known = progress.settings_of(db.session(), current_user.account_id).child_age
    loosens = known is not None and (age is None or age > known)
    if loosens and not _knows_password():
        flash(_("The password is not right. Nothing was changed."), "error")
        return redirect(url_for(".mine") + "#child", code=303)
    with db.transaction() as session:
        progress.set_child_age(session, current_user.account_id, age)
    flash(
        _("The account now shows everything.")
        if age is None
        else _("From now on only what suits this age is shown."),
        "success",
    )
    return redirect(url_for(".mine"), code=303)


def _knows_password() -> bool:
    """Under the limits of signing in. Raises TooManyAttempts."""
    given = request.form.get("password", "")
    return prove_again(current_user.account_id, given) is not None


# --- loans ---------------------------------------------------------------------------------------


@bp.post("/<int:publication_id>/borrow")
@signed_in
def borrow(publication_id: int) -> BaseResponse:
    """Borrow a licensed title, or queue for it."""
    _check_age(publication_id)
    with db.transaction() as session:
        outcome = lending.borrow(session, publication_id, current_user.account_id)
    if outcome is lending.Outcome.NONE_LEFT:
        flash(_("All copies are lent just now. You can put yourself in the queue."), "info")
    else:
        flash(_("It is lent to you. You can read it at once."), "success")
    return redirect(url_for("reading.page", publication_id=publication_id), code=303)


@bp.post("/<int:publication_id>/hold")
@signed_in
def hold(publication_id: int) -> BaseResponse:
    """Queue for a title."""
    _check_age(publication_id)
    with db.transaction() as session:
        lending.hold(session, publication_id, current_user.account_id)
    flash(_("You are in the queue. We tell you when it is your turn."), "success")
    return redirect(url_for("reading.page", publication_id=publication_id), code=303)


def _check_age(publication_id: int) -> None:
    """A child's account borrows only what it may read. Raises NotFound."""
    from . import asking

    found = queries.publication(db.session(), publication_id)
    age = asking.reader().child_age
    if age is not None and found.audience.age_from > age:
        raise NotFound


@bp.post("/<int:publication_id>/return")
@signed_in
def give_back(publication_id: int) -> BaseResponse:
    """Return a loan early."""
    with db.transaction() as session:
        lending.give_back(session, publication_id, current_user.account_id)
    flash(_("It is returned. Thank you: the next reader can have it now."), "success")
    return redirect(_back_to(publication_id), code=303)


def _back_to(publication_id: int) -> str:
    if request.form.get("back") == "my":
        return url_for(".mine")
    return url_for("reading.page", publication_id=publication_id)


@bp.post("/<int:publication_id>/leave-queue")
@signed_in
def leave_queue(publication_id: int) -> BaseResponse:
    with db.transaction() as session:
        lending.cancel_hold(session, publication_id, current_user.account_id)
    flash(_("You are no longer in the queue."), "success")
    return redirect(_back_to(publication_id), code=303)
