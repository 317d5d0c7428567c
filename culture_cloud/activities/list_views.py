"""The list of activities: what is on, narrowed by plain links and one GET form."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from culture_cloud import clock, db, i18n
from culture_cloud.network.facts import ACCESS_FACTS
from culture_cloud.network.models import Node
from culture_cloud.web import modes, words
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from . import facets, presenter, queries
from .asked import asked_for, by_day
from .blueprint import bp
from .filters import WHEN, ActivityFilter
from .models import EVERYWHERE, TOPIC

ELDER_PAGE_SIZE = 5
"""No more choices than fit one look (EL-12)."""
LASTING_SHOWN = 5

_counts = facets.CountCache()


@bp.get("/activities")
@public
@cacheable
def listing() -> str:
    """What is on, from today; narrowed by plain links and one GET form."""
    asked, node = asked_for()
    session, zone = db.session(), words.site_zone()
    ancestor_id = node.id if node else EVERYWHERE
    elder = modes.current_mode() == modes.ELDER
    page = queries.list_page(
        session,
        asked,
        ancestor_id=ancestor_id,
        zone=zone,
        size=ELDER_PAGE_SIZE if elder else queries.PAGE_SIZE,
    )
    on_first_page = asked.after is None and asked.before is None
    lasting = (
        queries.lasting_cards(
            session, asked, ancestor_id=ancestor_id, zone=zone, limit=LASTING_SHOWN
        )
        if on_first_page
        else []
    )
    kinds = {kind.code: kind for kind in queries.kinds(session)}
    offered = _offered(kinds)
    counted = _counted(asked, offered, ancestor_id)
    return render_template(
        "activities/list.html",
        asked=asked,
        node=node,
        days=by_day(page.cards, kinds),
        lasting=lasting,
        lasting_rows=[_lasting_row(presenter.card_words(card, kinds)) for card in lasting],
        lasting_shown=LASTING_SHOWN,
        total=_total_words(counted[("all", "")]),
        quick=_quick_links(asked, counted),
        groups=_filter_groups(asked, offered, kinds, counted),
        chips=_chips(asked, node, kinds, offered),
        next_url=_list_url(asked, after=str(page.next)) if page.next else None,
        previous_url=_list_url(asked, before=str(page.previous)) if page.previous else None,
        ics_url=url_for("feeds.calendar_file", **asked.args()),
        atom_url=url_for("feeds.atom", **asked.args()),
        on_first_page=on_first_page,
    )


def _lasting_row(shown: presenter.CardWords) -> dict[str, str]:
    return {"title": shown.title, "href": shown.href, "note": f"{shown.when} · {shown.place}"}


def _offered(kinds: dict[str, Any]) -> tuple[facets.Choices, dict[str, str]]:
    """The choices of the filters, and the names of the audiences."""
    session = db.session()
    audiences = {audience.code: i18n.named(audience) for audience in queries.audiences(session)}
    choices = facets.Choices(
        kinds=tuple(kinds), audiences=tuple(audiences), nodes=tuple(queries.node_choices(session))
    )
    return choices, audiences


def _counted(
    asked: ActivityFilter, offered: tuple[facets.Choices, dict[str, str]], ancestor_id: int
) -> facets.Counts:
    """Counts beside the filters, from memory while nothing changed."""
    # "still open" depends on places and on the minute; the others on activities and the day
    version: tuple[object, ...] = tuple(
        (topic, number)
        for topic, number in db.database().versions()
        if topic in {TOPIC, "network", "places"}
    )
    key = (id(current_app._get_current_object()), ancestor_id, *asked.args().items())  # type: ignore[attr-defined]  # noqa: SLF001
    version = (*version, int(clock.now().timestamp() // 60))
    counted = _counts.get(key, version)
    if counted is None:
        counted = facets.counts(
            db.session(), asked, offered[0], ancestor_id=ancestor_id, zone=words.site_zone()
        )
        _counts.keep(key, version, counted)
    return counted


def _total_words(count: int) -> str:
    if count >= facets.ENOUGH:
        return _("More than %(num)d sessions", num=facets.ENOUGH - 1)
    return str(ngettext("%(num)d session", "%(num)d sessions", count))


def _count_words(count: int) -> str:
    return f"{facets.ENOUGH - 1}+" if count >= facets.ENOUGH else str(count)


def _when_names() -> dict[str, str]:
    return {
        "": _("Any day"),
        "today": _("Today"),
        "weekend": _("This weekend"),
        "week": _("This week"),
        "month": _("The next 30 days"),
    }


def _list_url(asked: ActivityFilter, **change: Any) -> str:
    args: dict[str, Any] = {**asked.args(), **change}
    return url_for("activities.listing", **{k: v for k, v in args.items() if v})


def _quick_links(asked: ActivityFilter, counted: facets.Counts) -> list[dict[str, Any]]:
    names = _when_names()
    days = asked.without("when", "from", "to")
    links = [
        {
            "label": f"{names[when]} {_count_words(counted[('when', when)])}",
            "href": _list_url(days, when=when),
            "current": asked.when == when,
        }
        for when in ("today", "weekend", "week")
    ]
    for name, label in (("open", _("Places left")), ("free", _("Free"))):
        chosen = bool(getattr(asked, name))
        links.append(
            {
                "label": f"{label} {_count_words(counted[(name, '1')])}",
                "href": _list_url(asked.without(name), **({} if chosen else {name: "1"})),
                "current": chosen,
            }
        )
    return links


def _filter_groups(
    asked: ActivityFilter,
    offered: tuple[facets.Choices, dict[str, str]],
    kinds: dict[str, Any],
    counted: facets.Counts,
) -> list[dict[str, Any]]:
    choices, audience_names = offered

    def group(
        name: str, legend: str, chosen: str, any_label: str, options: list[tuple[str, str]]
    ) -> dict[str, Any]:
        listed = [("", any_label), *options]
        return {
            "name": name,
            "legend": legend,
            "options": [
                {
                    "value": value,
                    "label": label,
                    "count": _count_words(counted[(name, value)]),
                    "checked": chosen == value,
                }
                for value, label in listed
                if value in {"", chosen} or counted[(name, value)]
            ],
        }

    names = _when_names()
    return [
        group("when", _("When"), asked.when, names[""], [(w, names[w]) for w in WHEN]),
        group(
            "kind",
            _("What"),
            asked.kind,
            _("Everything"),
            [(code, i18n.named(kind)) for code, kind in kinds.items()],
        ),
        group(
            "node",
            _("Where"),
            asked.node if any(n.code == asked.node for n in choices.nodes) else "",
            _("The whole county"),
            [(node.code, node.name) for node in choices.nodes],
        ),
        group(
            "audience",
            _("For whom"),
            asked.audience,
            _("Anyone"),
            list(audience_names.items()),
        ),
        {
            "name": "access",
            "legend": _("It must have"),
            "several": True,
            "options": [
                {"value": fact, "label": name, "checked": fact in asked.access}
                for fact, name in ACCESS_FACTS.items()
            ],
        },
    ]


def _chips(
    asked: ActivityFilter,
    node: Node | None,
    kinds: dict[str, Any],
    offered: tuple[facets.Choices, dict[str, str]],
) -> list[dict[str, str]]:
    """What the list is narrowed to, each with the way out."""
    chips = []
    if asked.when:
        chips.append((_when_names()[asked.when], "when"))
    if asked.first_day or asked.last_day:
        first = words.day_words(asked.first_day) if asked.first_day else _("Today")
        last = words.day_words(asked.last_day) if asked.last_day else _("open end")
        chips.append((_("%(first)s to %(last)s", first=first, last=last), "days"))
    if asked.kind in kinds:
        chips.append((i18n.named(kinds[asked.kind]), "kind"))
    if node is not None:
        chips.append((node.plate_name, "node"))
    if asked.audience in offered[1]:
        chips.append((offered[1][asked.audience], "audience"))
    if asked.free:
        chips.append((_("Free"), "free"))
    if asked.open:
        chips.append((_("Places left"), "open"))
    dropped = {"days": ("from", "to")}
    links = [
        {"label": label, "href": _list_url(asked.without(*dropped.get(name, (name,))))}
        for label, name in chips
    ]
    for fact in asked.access:
        rest = [other for other in asked.access if other != fact]
        href = _list_url(asked.without("access"), access=rest)
        links.append({"label": str(ACCESS_FACTS[fact]), "href": href})
    return links
