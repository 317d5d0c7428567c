"""The front page, the help page and the accessibility statement."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as Xml

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from culture_cloud import db, i18n
from culture_cloud.activities import presenter, published, queries
from culture_cloud.activities.filters import ActivityFilter
from culture_cloud.heritage.queries import addresses_for_search_engines as heritage_addresses
from culture_cloud.network.site import Site, current_site
from culture_cloud.recordings import pages as recorded_pages
from culture_cloud.recordings import services as recordings
from culture_cloud.speech.speaking import speech
from culture_cloud.web import words
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from . import spoken

bp = Blueprint("home", __name__)

SHOWN = 9
LASTING_SHOWN = 3
STATEMENT_CHECKED_ON = date(2026, 11, 25)


@bp.get("/")
@public
@cacheable
def index() -> str:
    """What is on near me this week, how do I sign up, whom can I call."""
    session, zone = db.session(), words.site_zone()
    kinds = {kind.code: kind for kind in queries.kinds(session)}
    page = queries.list_page(session, ActivityFilter(), zone=zone, size=SHOWN)
    lasting = queries.lasting_cards(session, ActivityFilter(), zone=zone, limit=LASTING_SHOWN)
    return render_template(
        "home/index.html",
        shown=[presenter.card_words(card, kinds) for card in page.cards],
        lasting=[presenter.card_words(card, kinds) for card in lasting],
        quick=_quick_links(),
        week=_week_words(),
        kinds=[
            {"label": i18n.named(kind), "href": url_for("activities.listing", kind=kind.code)}
            for kind in kinds.values()
        ],
        tasks=_tasks(current_site()),
        ways=ways_to_sign_up(current_site()),
    )


def _week_words() -> str:
    """From today to the end of the week."""
    today = words.today()
    sunday = today + timedelta(days=6 - today.weekday())
    if sunday == today:
        return words.date_words(today)
    return _("%(first)s to %(last)s", first=words.day_words(today), last=words.day_words(sunday))


def _quick_links() -> list[dict[str, Any]]:
    choices: tuple[tuple[str, dict[str, Any]], ...] = (
        (_("Today"), {"when": "today"}),
        (_("This weekend"), {"when": "weekend"}),
        (_("This week"), {"when": "week"}),
        (_("Places left"), {"open": "1"}),
        (_("For elders"), {"audience": "elders"}),
        (_("For children"), {"audience": "children"}),
    )
    return [
        {"label": label, "href": url_for("activities.listing", **args)} for label, args in choices
    ]


def _tasks(site: Site) -> list[dict[str, str]]:
    """The tasks of elder mode's front page, at most six (EL-11)."""
    rows = [
        (_("Sign up for an activity"), url_for("activities.listing", open="1"), "activity"),
        (_("Books to hear and read"), url_for("reading.room"), "list"),
        (_("My sign-ups"), url_for("sign_ups.find"), "ticket"),
        (_("Halls near me"), url_for("network.tree"), "place"),
        (_("Let somebody help me"), url_for("home.help_page"), "hand"),
    ]
    tasks = [{"title": title, "href": href, "picture": picture} for title, href, picture in rows]
    if site.phone:
        call = {"title": _("Call us"), "href": _tel(site.phone), "picture": "phone"}
        tasks.insert(4, call | {"note": site.phone})
    return tasks


def ways_to_sign_up(site: Site) -> list[dict[str, str]]:
    """On the web, by phone, by text message, at a counter, through the family: all the same."""
    ways = [
        {
            "title": _("On this site"),
            "href": url_for("activities.listing", open="1"),
            "note": _("Name and phone number are enough."),
            "picture": "activity",
        }
    ]
    if site.phone:
        ways.append(
            {
                "title": _("By phone: %(phone)s", phone=site.phone),
                "href": _tel(site.phone),
                "note": site.phone_hours,
                "picture": "phone",
            }
        )
    if site.sms_phone:
        ways.append(
            {
                "title": _("By text message: %(phone)s", phone=site.sms_phone),
                "href": f"sms:{site.sms_phone.replace(' ', '').replace('-', '')}",
                "note": _("For everybody who does not like to call."),
                "picture": "message",
            }
        )
    ways.append(
        {
            "title": _("At the counter of any hall"),
            "href": url_for("network.tree"),
            "note": _("We write you down and give you a paper slip."),
            "picture": "place",
        }
    )
    return ways


def _tel(phone: str) -> str:
    return f"tel:{phone.replace(' ', '').replace('-', '')}"


def _help_words() -> list[str]:
    return spoken.help_page(ways_to_sign_up(current_site()))


recorded_pages.PAGES["help"] = recorded_pages.ReadPage("home.help_page", _help_words)


@bp.get("/help")
@public
@cacheable
def help_page() -> str:
    """Let somebody help me 请人帮我办."""
    ways = ways_to_sign_up(current_site())
    said = _help_words()
    audio = recordings.heard(db.session(), "page", "help", words=said, said=said)
    return render_template("home/help.html", ways=ways, audio=audio)


@bp.get("/accessibility")
@public
@cacheable
def accessibility() -> str:
    """The accessibility statement (ST-33)."""
    return render_template(
        "home/accessibility.html",
        checked_on=STATEMENT_CHECKED_ON,
        can_speak=speech().engine.is_there,
        ways=ways_to_sign_up(current_site())[1:3],
    )


@bp.get("/about")
@public
@cacheable
def about() -> str:
    """What this site is, what it keeps about people, its open data."""
    return render_template("home/about.html")


@bp.get("/robots.txt")
@public
@cacheable
def robots() -> Response:
    """What search engines may read: all that is public, not one's own pages."""
    lines = ["User-agent: *", "Disallow: /desk", "Disallow: /my", "Disallow: /sign-ups/"]
    lines.append(f"Sitemap: {presenter.absolute(url_for('home.sitemap'))}")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@bp.get("/sitemap.xml")
@public
@cacheable
def sitemap() -> Response:
    """The addresses that search engines should know (sitemaps.org)."""
    paths = ["/", url_for("activities.listing"), url_for("network.tree"), url_for("home.help_page")]
    rows: list[tuple[str, datetime | None]] = [(path, None) for path in paths]
    rows += published.addresses_for_search_engines(db.session(), limit=5000)
    rows += heritage_addresses(db.session(), limit=20_000)
    urlset = Xml.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for path, changed in rows:
        url = Xml.SubElement(urlset, "url")
        Xml.SubElement(url, "loc").text = presenter.absolute(path)
        if changed is not None:
            Xml.SubElement(url, "lastmod").text = changed.date().isoformat()
    body = b'<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(urlset, encoding="utf-8")
    return Response(body, content_type="application/xml; charset=utf-8")
