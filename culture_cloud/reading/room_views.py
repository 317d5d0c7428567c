"""The reading room: what there is, narrowed by plain links and one GET form."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from flask import current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from culture_cloud import db, i18n
from culture_cloud.web import modes, words
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from . import asking
from .blueprint import bp
from .models import TOPIC
from .publications import filters, presenter, queries
from .publications.filters import RoomFilter

ELDER_PAGE_SIZE = 5
"""No more choices than fit one look (EL-12)."""
STRIP = 6

_combined: OrderedDict[tuple[Any, ...], queries.Combinations] = OrderedDict()


@bp.get("")
@public
@cacheable
def room() -> str:
    """The list, and on its first page what one goes on with, shelves, new and most read."""
    asked = filters.parse(request.args)
    session, age = db.session(), asking.reader().child_age
    elder = modes.current_mode() == modes.ELDER
    page = queries.room_page(
        session, asked, age=age, size=ELDER_PAGE_SIZE if elder else queries.PAGE_SIZE
    )
    counted = queries.counts(_combinations(age), asked)
    names = choice_names()
    is_front = not asked.args() and asked.after is None
    return render_template(
        "reading/room.html",
        asked=asked,
        cards=[presenter.card(p) for p in page.publications],
        total=ngettext("%(num)d title", "%(num)d titles", counted.get(("all", ""), 0)),
        groups=_groups(asked, counted, names),
        chips=_chips(asked, names),
        orders=_orders(asked),
        next_url=_url(asked, after=str(page.next)) if page.next else None,
        quick=_quick(asked, counted, names),
        front=_front(age) if is_front else None,
        other_ways=_other_ways(),
    )


def _other_ways() -> list[dict[str, str]]:
    return [
        {
            "title": _("My reading"),
            "href": url_for("reading_own.mine"),
            "note": _("What I have begun, bookmarks, loans"),
            "picture": "list",
        },
        {
            "title": _("In a reading app (OPDS)"),
            "href": url_for("opds.root"),
            "note": _("Give this address to any reading app: it shows all titles"),
            "picture": "download",
        },
    ]


def _front(age: int | None) -> dict[str, Any]:
    """What only the first page of the room shows."""
    session = db.session()
    begun = []
    if current_user.is_authenticated:
        begun = [
            presenter.card(
                place.publication,
                note=_("%(share)s read", share=f"{round(place.share * 100)} %"),
                href=url_for("reading_own.go_on", publication_id=place.publication_id),
            )
            for place in queries.being_read(session, current_user.account_id, limit=3)
        ]
    shelves = [
        {
            "title": shelf.title,
            "note": shelf.note,
            "href": url_for(".shelf", shelf_id=shelf.id),
            "cards": [
                presenter.card(p) for p in queries.on_shelf(session, shelf.id, age=age, limit=STRIP)
            ],
        }
        for shelf in queries.shelves(session, words.today())[:4]
    ]
    return {
        "begun": begun,
        "most": [presenter.card(p) for p in queries.most_read(session, age=age, size=STRIP)],
        "shelves": [s for s in shelves if s["cards"]],
    }


@bp.get("/shelves/<int:shelf_id>")
@public
@cacheable
def shelf(shelf_id: int) -> str:
    """One shelf that staff put together."""
    found = queries.shelf(db.session(), shelf_id)
    titles = queries.on_shelf(db.session(), shelf_id, age=asking.reader().child_age)
    return render_template(
        "reading/shelf.html", shelf=found, cards=[presenter.card(p) for p in titles]
    )


# --- words of the choices ------------------------------------------------------------------------


def choice_names() -> dict[str, dict[str, str]]:
    """Question → code → words, for filters and feeds."""
    session = db.session()
    return {
        "kind": presenter.kind_names(),
        "subject": {s.code: f"{s.code} {i18n.named(s)}" for s in queries.subjects(session)},
        "audience": {a.code: i18n.named(a) for a in queries.audiences(session)},
        "language": {},
        "form": presenter.form_names(),
    }


def question_names() -> dict[str, tuple[str, str]]:
    """Question → its legend and the words for any answer."""
    return {
        "kind": (_("What"), _("Everything")),
        "subject": (_("Subject (Chinese Library Classification)"), _("All subjects")),
        "audience": (_("For whom"), _("Anyone")),
        "language": (_("Language"), _("Any language")),
        "form": (_("In which form"), _("Any form")),
    }


def name_of(names: dict[str, dict[str, str]], question: str, code: str) -> str:
    if question == "language":
        return presenter.language_name(code)
    return names[question].get(code, code)


def combined_counts(age: int | None) -> queries.Combinations:
    """The counts of all combinations, kept in memory while nothing changes."""
    return _combinations(age)


def _combinations(age: int | None) -> queries.Combinations:
    version = dict(db.database().versions()).get(TOPIC, 0)
    key = (id(current_app._get_current_object()), version, age)  # type: ignore[attr-defined]  # noqa: SLF001
    found = _combined.get(key)
    if found is None:
        found = queries.combinations(db.session(), age=age)
        _combined[key] = found
        while len(_combined) > 32:
            _combined.popitem(last=False)
    return found


def _url(asked: RoomFilter, **change: str) -> str:
    args: dict[str, Any] = {**asked.args(), **change}
    return url_for("reading.room", **{k: v for k, v in args.items() if v})


def _groups(
    asked: RoomFilter,
    counted: dict[tuple[str, str], int],
    names: dict[str, dict[str, str]],
) -> list[dict[str, Any]]:
    found = []
    for question, (legend, any_words) in question_names().items():
        chosen = getattr(asked, question)
        codes = [c for q, c in counted if q == question and c and counted[q, c]]
        order = list(names[question])
        codes.sort(key=lambda c: (order.index(c) if c in order else 99, -counted[question, c], c))
        if chosen and chosen not in codes:
            codes.append(chosen)
        options = [
            {
                "value": "",
                "label": any_words,
                "count": counted.get((question, ""), 0),
                "checked": not chosen,
            }
        ]
        options += [
            {
                "value": code,
                "label": name_of(names, question, code),
                "count": counted.get((question, code), 0),
                "checked": code == chosen,
            }
            for code in codes
        ]
        if len(options) > 2 or chosen:
            found.append({"name": question, "legend": legend, "options": options})
    return found


def _chips(asked: RoomFilter, names: dict[str, dict[str, str]]) -> list[dict[str, str]]:
    return [
        {"label": name_of(names, question, code), "href": _url(asked.without(question))}
        for question, code in asked.chosen
    ]


def _orders(asked: RoomFilter) -> list[dict[str, Any]]:
    names = {"new": _("Newest first"), "read": _("Most read"), "title": _("By title")}
    bare = asked.without("order")
    return [
        {
            "label": label,
            "href": _url(bare, order="" if order == "new" else order),
            "current": asked.order == order,
        }
        for order, label in names.items()
    ]


def _quick(
    asked: RoomFilter,
    counted: dict[tuple[str, str], int],
    names: dict[str, dict[str, str]],
) -> list[dict[str, Any]]:
    bare = asked.without("kind")
    return [
        {"label": label, "href": _url(bare, kind=code), "current": asked.kind == code}
        for code, label in names["kind"].items()
        if counted.get(("kind", code))
    ]
