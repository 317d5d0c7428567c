"""One activity: its page, its picture for chats, and what is said where it is missing."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from culture_cloud import clock, db, i18n
from culture_cloud.covers import social
from culture_cloud.errors import Gone, NotFound
from culture_cloud.network.facts import ACCESS_FACTS
from culture_cloud.network.site import current_site
from culture_cloud.recordings import services as recordings
from culture_cloud.web import words
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from . import occasions, presenter, queries, spoken
from .blueprint import bp
from .models import Activity, Enrolment
from .structured import event_json_ld


@bp.get("/activities/<int:activity_id>")
@public
@cacheable
def page(activity_id: int) -> Any:
    """One activity: what, when, where, how to sign up, whom to call."""
    session = db.session()
    try:
        activity = queries.public_activity(session, activity_id)
    except (NotFound, Gone) as missing:
        return _missing(missing)
    audio = recordings.heard(
        session,
        "activity",
        activity.id,
        words=spoken.lasting(activity),
        said=spoken.activity_page(activity),
    )
    return render_template("activities/activity.html", audio=audio, **page_facts(activity))


def page_facts(activity: Activity) -> dict[str, Any]:
    """What the page of a loaded activity shows; the desk draws drafts with the same."""
    standings = queries.session_standings(activity)
    now = clock.now()
    coming = occasions.coming(activity, now)
    shown = occasions.shown(activity, now)
    is_course = activity.enrolment == Enrolment.COURSE
    main = occasions.main(shown, standings)
    return {
        "activity": activity,
        "kind": i18n.named(activity.kind),
        "access_names": [
            str(ACCESS_FACTS[code]) for code in activity.access if code in ACCESS_FACTS
        ],
        "audiences": [i18n.named(audience) for audience in activity.audiences],
        "audience_tags": [
            (i18n.named(audience), "plain")
            for audience in activity.audiences
            if audience.code != "everyone"
        ],
        "sessions": shown,
        "past_count": len(activity.sessions) - len(coming) if coming else 0,
        "standings": standings,
        "main_session": main,
        "main_standing": standings[main.id] if main else None,
        "is_course": is_course,
        "place": presenter.whole_place_words(activity),
        "address": presenter.address_words(activity),
        "fee": presenter.fee_words(activity.is_free, activity.fee),
        "phone": presenter.contact_phone(activity),
        "places_words": presenter.places_words,
        "picture": presenter.picture(
            activity.kind.motif, activity.title, activity.poster, activity.poster_alt
        ),
        "json_ld": event_json_ld(activity, standings),
        "page_url": presenter.absolute(url_for("activities.page", activity_id=activity.id)),
        "social_url": presenter.absolute(f"/activities/{activity.id}/social.jpg"),
    }


@bp.get("/activities/<int:activity_id>/social.jpg")
@public
def social_picture(activity_id: int) -> Response:
    """The picture that chats and other sites show beside a link, with title, time and place.

    Without a Chinese font on the server it is the plain cover.
    """
    activity = queries.public_activity(db.session(), activity_id)
    first = next(iter(activity.sessions), None)
    when = words.when_words(first.starts_at, first.ends_at, all_day=first.all_day) if first else ""
    texts = social.Words(
        title=activity.title,
        when=when,
        place=presenter.place_words(activity.node.plate_name, activity.place_name),
        site_name=current_site().name,
    )
    drawn = social.jpeg(texts, activity.kind.motif)
    if drawn is None:
        return redirect(presenter.picture(activity.kind.motif, activity.title, None, "").src)
    response = Response(drawn, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _missing(missing: NotFound | Gone) -> Any:
    """An unknown or withdrawn activity: say so, and show what else is on."""
    g.personal = True
    session = db.session()
    kinds = {kind.code: kind for kind in queries.kinds(session)}
    cards = queries.upcoming_cards(session, limit=6, zone=words.site_zone())
    html = render_template(
        "activities/missing.html",
        withdrawn=isinstance(missing, Gone),
        cards_shown=[presenter.card_words(card, kinds) for card in cards],
    )
    return html, missing.status
