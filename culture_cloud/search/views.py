"""/search: one box, one list over everything; suggestions while typing; how to search."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from culture_cloud import clock, db
from culture_cloud.web import words
from culture_cloud.web.policies import public

from . import asking, keeping, synonyms
from .asked import SearchFilter, narrowing, parse
from .asking import Answer, Asked, Way
from .engines.base import Damaged
from .facets import FacetWords
from .logbook import Logbook
from .sources import sources
from .ways import ways_for

bp = Blueprint("search", __name__)


@bp.get("/search")
@public
def page() -> str:
    """The box, and what was found."""
    asked = parse(request.args)
    session = db.session()
    facets = FacetWords(session, sources())
    answer = _answer(asked, facets) if asked.words.strip() else None
    if answer is not None and answer.query and answer.page == 1 and not _is_narrowed(asked):
        _logbook().note(
            answer.query.words,
            words.today(),
            typed=asked.words,
            found=answer.way is not Way.NOTHING,
        )
    return render_template(
        "search/page.html",
        asked=asked,
        answer=answer,
        notes=_notes(asked, answer) if answer else [],
        count=_count_words(answer) if answer else "",
        ways=ways_for(answer.query.words) if answer else [],
        tabs=facets.tabs(asked, answer.counts) if answer else [],
        groups=facets.groups(asked, answer.counts) if answer else [],
        chips=facets.chips(asked),
        hidden=_hidden(asked),
        others=_others(asked, answer) if answer else [],
        orders=_orders(asked)
        if answer and answer.total > 1 and answer.way is not Way.PLAIN
        else [],
        past_url=_past_url(asked, answer),
        next_url=_page_url(asked, asked.page + 1) if answer and answer.has_more else None,
        previous_url=_page_url(asked, asked.page - 1) if answer and asked.page > 1 else None,
        browse=_browse(),
    )


def _answer(asked: SearchFilter, facets: FacetWords) -> Answer:
    session = db.session()
    narrowed = narrowing(
        asked,
        sources(),
        node_path=facets.path_of(asked.node),
        visibilities=sources().visibilities_of(session, current_user),
        now=clock.now(),
        zone=words.site_zone(),
    )
    wanted = Asked(
        words=asked.words,
        narrowed=narrowed,
        by_date=asked.newest,
        page=asked.page,
        now=int(clock.now().timestamp()),
    )
    try:
        return asking.ask(_searcher(), wanted, synonyms.folded_sets(session))
    except Damaged as error:
        keeping.suspect(error)  # the worker looks at it and builds it anew
        return asking.ask_plainly(_searcher(), wanted)


def _searcher() -> asking.Searcher:
    return asking.Searcher(db.session(), keeping.engine(), sources(), current_user)


def _logbook() -> Logbook:
    found: Logbook = current_app.extensions["search_logbook"]
    return found


def _is_narrowed(asked: SearchFilter) -> bool:
    return len(asked.args()) > 1


def _hidden(asked: SearchFilter) -> list[tuple[str, str]]:
    """What a new search in the box keeps: the thing it searches inside."""
    return [("in", asked.inside)] if asked.inside else []


def _page_url(asked: SearchFilter, number: int) -> str:
    return url_for("search.page", **{**asked.args(), "page": str(number)})  # type: ignore[arg-type]


def _notes(asked: SearchFilter, answer: Answer) -> list[str]:
    """What the search did beyond looking for the words, in sentences."""
    typed = " ".join(asked.words.split())[:40]
    notes = []
    if answer.query.was_cut:
        notes.append(_("That was a lot of text: only its beginning was searched for."))
    if answer.way is Way.PLAIN:
        notes.append(
            _(
                "The search index is being repaired. Until then this is a plain search: it finds"
                " the words exactly as written."
            )
        )
    elif answer.way in {Way.SOUND, Way.NEAR}:
        notes.append(
            _(
                "Nothing found for “%(typed)s”. Here are results for “%(instead)s”.",
                typed=typed,
                instead=answer.instead,
            )
        )
    elif answer.way in {Way.MOST, Way.SOME}:
        notes.append(
            _("Nothing holds all of “%(typed)s”. Here is what holds part of it.", typed=typed)
        )
    if asked.ignored:
        notes.append(
            _("Part of the address was not understood and was left out. Here is the rest.")
        )
    return notes


def _count_words(answer: Answer) -> str:
    if answer.way is Way.NOTHING:
        return _("Nothing found")
    return str(ngettext("%(num)d result", "%(num)d results", answer.total))


def _others(asked: SearchFilter, answer: Answer) -> list[dict[str, str]]:
    return [
        {"label": other, "href": url_for("search.page", **asked.with_(words=other))}  # type: ignore[arg-type]
        for other in answer.others
    ]


def _orders(asked: SearchFilter) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "href": url_for("search.page", **asked.with_(newest=newest)),  # type: ignore[arg-type]
            "current": asked.newest == newest,
        }
        for label, newest in ((_("Best match first"), False), (_("Nearest date first"), True))
    ]


def _past_url(asked: SearchFilter, answer: Answer | None) -> str | None:
    """The way to what is over too; None where it is shown already."""
    if answer is None or asked.past or asked.first_day or asked.last_day:
        return None
    return url_for("search.page", **asked.with_(past=True))  # type: ignore[arg-type]


def _browse() -> list[dict[str, str]]:
    """Where to look without searching: never a dead end."""
    return [
        {
            "title": _("See what is on"),
            "href": url_for("activities.listing"),
            "picture": "activity",
        },
        {"title": _("Halls near me"), "href": url_for("network.tree"), "picture": "place"},
    ]


@bp.get("/search/suggestions")
@public
def suggestions() -> Response:
    """Names that begin with, hold or sound like what was typed: [{"words", "kind"}]."""
    typed = request.args.get("q", "")
    session = db.session()
    found: list[asking.Suggestion] = []
    if typed.strip() and len(typed) <= asking.LONGEST_TYPED:
        narrowed = narrowing(
            SearchFilter(words=typed),
            sources(),
            node_path="",
            visibilities=sources().visibilities_of(session, current_user),
            now=clock.now(),
            zone=words.site_zone(),
        )
        try:
            found = asking.suggest(_searcher(), typed, narrowed)
        except Damaged:
            found = []
    labels = {source.kind: str(source.label) for source in sources()}
    response = jsonify([{"words": s.words, "kind": labels.get(s.kind, "")} for s in found])
    response.headers["Cache-Control"] = "private, max-age=30"
    return response
