"""The page of one place: the network's facts and the activities there, composed.

Its address belongs to the network and its matter to several features, so the list of features in
application.py gives it the endpoint network.node.
"""

from __future__ import annotations

from flask import Response, make_response, render_template, url_for

from culture_cloud import db
from culture_cloud.activities import presenter as activity_presenter
from culture_cloud.activities import queries as activity_queries
from culture_cloud.errors import NotFound
from culture_cloud.heritage import lists as heritage_lists
from culture_cloud.heritage import presenter as heritage_presenter
from culture_cloud.heritage.reading import reader as heritage_reader
from culture_cloud.i18n import named
from culture_cloud.media import addresses
from culture_cloud.network import hours, hours_words, presenter, queries
from culture_cloud.network import spoken as network_spoken
from culture_cloud.network.facts import ACCESS_FACTS, LINES
from culture_cloud.network.models import Node
from culture_cloud.network.site import current_site
from culture_cloud.recordings import services as recordings
from culture_cloud.web import words
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from . import spoken

ACTIVITIES_SHOWN = 6
HERITAGE_SHOWN = 6
VILLAGE_LEVEL = 3
"""The position of the level from which on places are villages and streets."""


@public
@cacheable
def node_page(code: str) -> Response:
    """When it is open, where it is, whom to call, what is on there, what lies below (R10)."""
    session = db.session()
    try:
        node = queries.node_by_code(session, code)
    except NotFound:
        return make_response(render_template("home/node_not_found.html"), 404)
    above = queries.way_up(session, node)
    if node.closed_down:
        return _closed_down(node, above)
    moment = presenter.now()
    table = queries.timetable_of(node)
    state = hours.state(table, moment)
    picture = addresses.poster(node.photo, node.photo_alt) if node.photo else None
    kinds = {kind.code: kind for kind in activity_queries.kinds(session)}
    cards = activity_queries.upcoming_cards(
        session, ancestor_id=node.id, limit=ACTIVITIES_SHOWN, zone=words.site_zone()
    )
    who = heritage_reader()
    file_ = heritage_lists.item_page(
        session, who, heritage_lists.ItemFilter(node_path=node.path), page=1
    )
    phone = _first([node.phone, *(one.phone for one in reversed(above)), current_site().phone])
    said = spoken.node_page(node, presenter.title_of(node), table, moment, phone)
    lasting = network_spoken.lasting(node, presenter.title_of(node))
    page = render_template(
        "home/node.html",
        node=node,
        audio=recordings.heard(session, "node", node.code, words=lasting, said=said),
        title=presenter.title_of(node),
        labels=[(named(node.level), "calm")]
        + [(LINES[line], "plain") for line in node.lines if line in LINES],
        access=[str(name) for fact, name in ACCESS_FACTS.items() if fact in node.access],
        above=[(presenter.title_of(one), url_for("network.node", code=one.code)) for one in above],
        now_words=hours_words.now_words(state),
        today_words=hours_words.today_words(state),
        week=hours_words.week_rows(table.week, moment.date()) if table.known else [],
        coming=hours_words.coming_words(table, moment.date()),
        phone=phone,
        sms_phone=_first([node.sms_phone, current_site().sms_phone]),
        map_link=presenter.geo_uri(node.latitude, node.longitude),
        picture=picture,
        cover=addresses.cover(_motif(node), node.code),
        cards=[activity_presenter.card_words(card, kinds) for card in cards],
        heritage=heritage_presenter.cards(file_.items[:HERITAGE_SHOWN], who),
        heritage_count=file_.total,
        below=[
            {
                "title": presenter.title_of(one),
                "href": url_for("network.node", code=one.code),
                "note": one.address,
            }
            for one in queries.children(session, node)
        ],
        page_url=presenter.absolute(url_for("network.node", code=node.code)),
        json_ld=presenter.linked_data(
            node, table, above[-1] if above else None, picture.src if picture else ""
        ),
    )
    return make_response(page)


def _motif(node: Node) -> str:
    """Villages have their terraces, halls their tiled roof, libraries the scroll."""
    if node.level.position >= VILLAGE_LEVEL:
        return "terraces"
    return "scroll" if node.lines == ["library"] else "tile"


def _first(texts: list[str]) -> str:
    return next((text for text in texts if text), "")


def _closed_down(node: Node, above: list[Node]) -> Response:
    """There was a place here: says so, and which one now serves its people."""
    nearest = [one for one in reversed(above) if not one.closed_down][:1]
    rows = [
        {
            "title": presenter.title_of(one),
            "href": url_for("network.node", code=one.code),
            "picture": "place",
        }
        for one in nearest
    ]
    return make_response(
        render_template("home/node_closed_down.html", title=presenter.title_of(node), nearest=rows),
        410,
    )
