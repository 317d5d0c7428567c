"""Other ways to heritage: through time, by person."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask_babel import ngettext

from culture_cloud import db
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from . import lists
from .blueprint import bp
from .lists import ItemFilter
from .periods import period_words
from .place_views import people_rows, timeline_entries
from .reading import reader

OF_EACH_PERIOD = 10
PEOPLE_ON_A_PAGE = 100
MOST_PAGES = 1000


@bp.get("/time")
@public
@cacheable
def time() -> str:
    """Items from the oldest matter to the newest, by period: the first of each, and a way on."""
    session, who = db.session(), reader()
    names = period_words()
    counts = lists.counts(session, who, ItemFilter(), "period")
    found = lists.timeline(session, who, ItemFilter(), of_each=OF_EACH_PERIOD)
    groups = [
        {
            "code": code,
            "name": names[code],
            "entries": timeline_entries(found[code]),
            "all": url_for("heritage.items", period=code, order="date")
            if counts.get(code, 0) > len(found[code])
            else None,
            "count": ngettext("%(num)d item", "%(num)d items", counts.get(code, 0)),
        }
        for code in names
        if code in found
    ]
    return render_template("heritage/time.html", groups=groups)


@bp.get("/people")
@public
@cacheable
def people() -> str:
    """Everybody who is named, with how many items name them."""
    number = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    found = lists.people(
        db.session(),
        reader(),
        ItemFilter(),
        limit=PEOPLE_ON_A_PAGE + 1,
        offset=(number - 1) * PEOPLE_ON_A_PAGE,
    )
    return render_template(
        "heritage/people.html",
        rows=people_rows(found[:PEOPLE_ON_A_PAGE]),
        page=number,
        previous=url_for(".people", page=number - 1) if number > 1 else None,
        next=url_for(".people", page=number + 1) if len(found) > PEOPLE_ON_A_PAGE else None,
    )
