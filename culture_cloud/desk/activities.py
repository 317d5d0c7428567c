"""Own activities: the list, one of them, and the one form by which they are made and changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.activities.errors import (
    CapacityBelowTaken,
    ChangedMeanwhile,
    NotReady,
    SessionHasSignUps,
)
from culture_cloud.activities.models import Activity, ActivityState
from culture_cloud.activities.services import ActivityFacts
from culture_cloud.errors import NotPermitted
from culture_cloud.i18n import named
from culture_cloud.web.policies import staff

from . import (
    activity_list,
    activity_table,
    copying,
    editor,
    live,
    own,
    prefill,
    reading,
    saving,
    wording,
)
from .activity_list import ListFilter, Row
from .downloads import Ending, download
from .forms import ActivityForm
from .spans import span_of

bp = Blueprint("desk_activities", __name__, url_prefix="/desk/activities")


# --- the list ------------------------------------------------------------------------------------


@bp.get("")
@staff(Permission.ACTIVITIES_EDIT)
def listing() -> str:
    """Own activities, what was made last first; narrowed by plain links and one GET form."""
    session, asked = db.session(), ListFilter.parse(request.args)
    page = activity_list.list_page(session, own.scope(), asked)
    return render_template(
        "desk/activities/list.html",
        asked=asked,
        rows=[_list_row(row) for row in page.rows],
        next_url=_list_url(asked, after=str(page.next)) if page.next else None,
        first_url=_list_url(asked) if asked.after else None,
        quick=_quick_links(asked),
        halls=own.hall_choices(own.halls(session)),
        export_url=_url("export", asked.args()),
        csv_url=_url("export_csv", asked.args()),
    )


@bp.get("/list.xlsx")
@staff(Permission.ACTIVITIES_EDIT)
def export() -> Response:
    """The list as a workbook."""
    return _table("xlsx")


@bp.get("/list.csv")
@staff(Permission.ACTIVITIES_EDIT)
def export_csv() -> Response:
    """The list as CSV."""
    return _table("csv")


def _table(ending: Ending) -> Response:
    rows = activity_list.all_rows(db.session(), own.scope(), ListFilter.parse(request.args))
    cells = activity_table.cells(rows)
    return download(activity_table.columns(), cells, name="activities", ending=ending)


def _list_row(row: Row) -> dict[str, Any]:
    activity = row.activity
    return {
        "activity": activity,
        "state": (wording.state_words(activity.state), wording.state_kind(activity.state)),
        "when": wording.session_words(row.session) if row.session else _("No date yet"),
        "is_over": row.session is not None and span_of(row.session).is_over,
        "places": wording.places_words(activity.sign_up, row.capacity, row.taken),
        "ways": editor.ways(activity),
    }


def _list_url(asked: ListFilter, **change: str | None) -> str:
    return _url("listing", asked.args(**change))


def _url(view: str, values: Mapping[str, Any]) -> str:
    return url_for(f"desk_activities.{view}", **values)


def _quick_links(asked: ListFilter) -> list[dict[str, Any]]:
    choices: list[tuple[str, dict[str, str]]] = [
        (_("All"), {}),
        (_("Still to come"), {"when": "coming"}),
        (_("Over"), {"when": "past"}),
        *((wording.state_words(state), {"state": state.value}) for state in ActivityState),
    ]
    now = {"state": asked.state, "when": asked.when}
    return [
        {
            "label": label,
            "href": _list_url(asked, **{"state": None, "when": None, **chosen}),
            "current": now == {"state": "", "when": "", **chosen},
        }
        for label, chosen in choices
    ]


# --- one activity --------------------------------------------------------------------------------


@bp.get("/<int:activity_id>")
@staff(Permission.ACTIVITIES_EDIT)
def page(activity_id: int) -> str:
    """How it stands with an activity, its dates, and what can be done with it."""
    activity = own.activity(db.session(), activity_id)
    coming = [s for s in activity.sessions if not span_of(s).is_over]
    places = {a.session_id: a for a in activity.allotments}
    shared = places.get(None)
    return render_template(
        "desk/activities/activity.html",
        activity=activity,
        kind=named(activity.kind),
        state=(wording.state_words(activity.state), wording.state_kind(activity.state)),
        rows=[
            {
                "session": s,
                "when": wording.session_words(s),
                "state": wording.session_state_words(activity, s),
                "places": wording.places_words(
                    activity.sign_up, places[s.id].capacity, places[s.id].taken
                )
                if s.id in places
                else "",
                "can_change": activity.state == ActivityState.PUBLISHED and s.state == "scheduled",
            }
            for s in coming
        ],
        past_count=len(activity.sessions) - len(coming),
        course_places=wording.places_words(activity.sign_up, shared.capacity, shared.taken)
        if shared
        else "",
        ways=editor.ways(activity),
        draw_url=editor.draw_way(activity),
        may_publish=own.may_publish(activity.node),
    )


# --- the form ------------------------------------------------------------------------------------


@bp.route("/new", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_EDIT)
def new() -> BaseResponse:
    """A new activity, empty or after an earlier one (`?copy=<id>`)."""
    session = db.session()
    halls = own.halls(session, also=own.node(session, request.args.get("node", "")))
    if not halls:
        raise NotPermitted
    if request.method == "POST":
        return _save(editor.sent_form(halls), None)
    data = _copied(request.args.get("copy", ""))
    if data is None:
        chosen = own.node(session, request.args.get("node", "")) or halls[0]
        data = prefill.of_node(chosen)
    return editor.form_page(editor.open_form(halls, data), None)


def _number_of(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _copied(number: str) -> dict[str, Any] | None:
    """The form's data for a copy of an own activity, at its next free dates."""
    if (activity_id := _number_of(number)) is None:
        return None
    session = db.session()
    activity = own.activity(session, activity_id)
    spans = copying.next_dates(session, activity)
    dates = prefill.of_dates(spans, prefill.moved_rule(activity.rrule, spans))
    if dates is None:
        dates = prefill.of_dates(spans[:1])
        flash(_("Only the first date was copied. Please add the others."), "info")
    return prefill.of_activity(activity, dates, copied=True)


@bp.route("/<int:activity_id>/edit", methods=["GET", "POST"])
@staff(Permission.ACTIVITIES_EDIT)
def edit(activity_id: int) -> BaseResponse:
    """Change an activity."""
    session = db.session()
    activity = own.activity(session, activity_id)
    if activity.state in {ActivityState.CANCELLED, ActivityState.WITHDRAWN}:
        flash(_("What is cancelled or taken off is not changed any more. Copy it."), "info")
        return redirect(url_for("desk_activities.page", activity_id=activity_id), code=303)
    if not editor.may_edit(activity):
        raise NotPermitted
    halls = own.halls(session, also=activity.node)
    if request.method == "POST":
        return _save(editor.sent_form(halls), activity)
    data = prefill.of_activity(activity, prefill.dates_of(activity))
    return editor.form_page(editor.open_form(halls, data), activity)


def _save(form: ActivityForm, activity: Activity | None) -> BaseResponse:
    """Read the form and do what its button wished; or show it again with what to look at."""
    reader = reading.Reader(
        node_of=lambda code: own.node(db.session(), code),
        store=editor.picture_store(),
        before=activity,
        dates_fixed=activity is not None and prefill.dates_of(activity) is None,
    )
    if request.form.get("do") == "more_rows":
        reader.keep_picture(form)
        form.more_rows()
        return editor.form_page(form, activity, open_parts={"dates"})
    if request.form.get("do") == "preview":
        form.validate()
        reader.keep_picture(form)
        shown = live.shown(form)
        return editor.form_page(form, activity, preview=shown)
    facts = reader.facts(form)
    if facts is None:
        return editor.form_page(form, activity, status=422)
    node = own.node(db.session(), form.node.data)
    may_publish = node is not None and own.may_publish(node)
    if activity is not None and activity.state == ActivityState.PUBLISHED and not may_publish:
        raise NotPermitted
    try:
        return _after(_write(form, facts, activity.id if activity else None, may_publish))
    except NotReady as refusal:
        reading.say_not_ready(form, refusal)
    except CapacityBelowTaken as refusal:
        reading.say_too_few_places(form, refusal)
    except SessionHasSignUps:
        reading.say_signed_up(form)
    except ChangedMeanwhile:
        if activity is not None:
            return editor.conflict_page(form, activity.id)
    return editor.form_page(form, activity, status=422)


def _write(
    form: ActivityForm, facts: ActivityFacts, activity_id: int | None, may_publish: bool
) -> saving.Saved:
    wish = saving.Wish.PUBLISH if request.form.get("do") == "publish" else saving.Wish.SAVE
    with db.transaction() as session:
        if activity_id is None:
            return saving.create(
                session,
                facts,
                wish,
                by_account_id=current_user.account_id,
                key=str(form.idempotency_key.data),
                may_publish=may_publish,
                like=_copied_from(form),
            )
        return saving.change(
            session,
            activity_id,
            facts,
            wish,
            seen_version=editor.seen_version(form),
            may_publish=may_publish,
        )


def _copied_from(form: ActivityForm) -> int | None:
    number = _number_of(form.copy_of.data or "")
    return own.activity(db.session(), number).id if number is not None else None


def _after(saved: saving.Saved) -> BaseResponse:
    if saved.outcome is saving.Outcome.TO_CHECK:
        address = url_for("desk_steps.publish", activity_id=saved.activity_id)
    else:
        address = url_for("desk_activities.page", activity_id=saved.activity_id)
        flash(editor.outcome_words(saved.outcome), "success")
    return redirect(address, code=303)
