"""Reading: a chapter's page, its contents, search inside the book."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from culture_cloud import db
from culture_cloud.errors import NotFound
from culture_cloud.reading import asking, heard
from culture_cloud.reading.blueprint import bp
from culture_cloud.reading.books import BookFolder, Chapter, Manifest
from culture_cloud.reading.models import Form, Mark, Publication
from culture_cloud.reading.page_views import entry_url
from culture_cloud.reading.publications import presenter
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

from . import marking, marks, progress, searching

MOST_QUERY = 100
HITS_A_PAGE = 20


@bp.get("/<int:publication_id>/<int:chapter>")
@public
@cacheable
def chapter(publication_id: int, chapter: int) -> str:
    """The first page of a chapter."""
    return _page(publication_id, chapter, 1)


@bp.get("/<int:publication_id>/<int:chapter>/<int:page>")
@public
@cacheable
def chapter_page(publication_id: int, chapter: int, page: int) -> str:
    """A further page of a long chapter."""
    return _page(publication_id, chapter, page)


def _page(publication_id: int, number: int, page: int) -> str:
    publication = asking.open_publication(publication_id)
    book = presenter.book(publication)
    manifest = book.manifest
    if manifest.form in {Form.AUDIO, Form.VIDEO}:
        return _player(publication, manifest, number)
    here = manifest.chapter(number)
    if not 1 <= page <= here.pages:
        raise NotFound
    wanted = request.args.get("find", "")[:MOST_QUERY]
    return render_template(
        "reading/pages.html" if manifest.form == Form.PAGES else "reading/chapter.html",
        publication=publication,
        manifest=manifest,
        chapter=here,
        page=page,
        text=_text(publication, book, here, page, wanted),
        wanted=wanted,
        title=_title(manifest, here),
        where=_where(manifest, here, page),
        share=round(manifest.share_before(number, page) * 100),
        previous=_neighbour(publication, manifest, number, page, -1),
        following=_neighbour(publication, manifest, number, page, 1),
        contents=_contents(publication, manifest, number, page),
        is_horizontal=request.args.get("lines") == "horizontal" or not manifest.vertical,
        heard=heard.of_page(publication, book, here, page),
        **_own(publication, here, page),
        **_picture(publication, book, here, wanted),
    )


def _text(
    publication: Publication, book: BookFolder, here: Chapter, page: int, wanted: str
) -> Markup:
    """The stored page, with the reader's highlights and what was searched for."""
    markup = book.page_html(here.number, page)
    spans = marking.find_on_page(markup, wanted) if wanted else []
    first, last = _blocks(here, page)
    if current_user.is_authenticated:
        spans += [
            marking.Span(m.block, m.begin, m.end, "marked", f"mark-{m.id}")
            for m in _marks(publication, here, first, last)
            if m.end > m.begin
        ]
    # sanitised by nh3 when it was stored; marking adds <mark> only
    markup = marking.marked(markup, spans)
    return Markup(markup.replace("@book@", f"/read/{publication.id}"))  # noqa: S704


def _blocks(here: Chapter, page: int) -> tuple[int, int]:
    last = here.starts[page] - 1 if page < here.pages else max(here.blocks, here.starts[page - 1])
    return here.starts[page - 1], last


def _marks(publication: Publication, here: Chapter, first: int, last: int) -> list[Mark]:
    if "reading_marks" not in g:
        g.reading_marks = marks.of_page(
            db.session(),
            current_user.account_id,
            publication.id,
            chapter=here.number,
            first=first,
            last=last,
        )
    found: list[Mark] = g.reading_marks
    return found


def _own(publication: Publication, here: Chapter, page: int) -> dict[str, Any]:
    """What belongs to the signed-in reader of this page."""
    if not current_user.is_authenticated:
        return {"known": None, "bookmark": None, "notes": [], "first_block": here.starts[page - 1]}
    first, last = _blocks(here, page)
    found = _marks(publication, here, first, last)
    return {
        "known": progress.known_place(db.session(), current_user.account_id, publication.id),
        "bookmark": next((m for m in found if m.kind == "bookmark"), None),
        "notes": [m for m in found if m.kind == "highlight"],
        "first_block": first,
    }


def _title(manifest: Manifest, here: Chapter) -> str:
    if here.title:
        return here.title
    if manifest.form == Form.PAGES:
        return _("Page %(number)s", number=here.number)
    return _("Chapter %(number)s", number=here.number)


def _where(manifest: Manifest, here: Chapter, page: int) -> str:
    """「第 3 章，共 12 章」."""
    if manifest.form == Form.PAGES:
        return _("Page %(number)s of %(all)s", number=here.number, all=len(manifest.chapters))
    if here.aside:
        return _("Notes of the book")
    said = _("Chapter %(number)s of %(all)s", number=here.number, all=manifest.counted)
    if here.pages > 1:
        said = _(
            "%(chapter)s, page %(page)s of %(pages)s", chapter=said, page=page, pages=here.pages
        )
    return said


def _neighbour(
    publication: Publication, manifest: Manifest, number: int, page: int, step: int
) -> dict[str, Any] | None:
    """The page before or after this one; None at either end of the book."""
    chapter, wanted = number, page + step
    if wanted < 1:
        chapter -= 1
        wanted = manifest.chapter(chapter).pages if chapter >= 1 else 1
    elif wanted > manifest.chapter(number).pages:
        chapter, wanted = chapter + 1, 1
    if not 1 <= chapter <= len(manifest.chapters):
        return None
    target = manifest.chapter(chapter)
    if target.aside and not manifest.chapter(number).aside:
        return None
    return {
        "chapter": chapter,
        "page": wanted,
        "block": target.starts[wanted - 1],
        "title": _title(manifest, target)
        if chapter != number and manifest.form != Form.PAGES
        else "",
        "href": entry_url(publication, chapter, wanted) + _kept_lines(),
    }


def _kept_lines() -> str:
    return "?lines=horizontal" if request.args.get("lines") == "horizontal" else ""


def _contents(
    publication: Publication, manifest: Manifest, number: int, page: int
) -> list[dict[str, Any]]:
    """The contents around this place: the whole list has a page of its own."""
    entries = [e for e in manifest.contents if e.title]
    if len(entries) > 40:
        near = next((i for i, e in enumerate(entries) if (e.chapter, e.page) >= (number, page)), 0)
        entries = entries[max(0, near - 12) : near + 12]
    return [
        {
            "title": e.title,
            "level": min(e.level, 4),
            "href": entry_url(publication, e.chapter, e.page, e.anchor),
            "current": e.chapter == number and e.page == page,
        }
        for e in entries
    ]


def _picture(
    publication: Publication, book: BookFolder, here: Chapter, wanted: str
) -> dict[str, Any]:
    """The picture of a page of a PDF: in the size asked for, with hits marked on it."""
    if here.image is None:
        return {"picture": None}
    zoom = {"150": 150, "200": 200, "300": 300}.get(request.args.get("zoom", ""), 100)
    width, height = here.image["width"], here.image["height"]
    boxes = heard.boxes_on_page(book, here.number, wanted) if wanted else []
    base = url_for(
        "reading_files.page_picture", publication_id=publication.id, number=here.number, width=720
    )
    keep: dict[str, Any] = {"find": wanted} if wanted else {}
    return {
        "picture": {
            "is_drawn": book.has_page_picture(here.number),
            "src": base if zoom == 100 else base.replace("-720.webp", "-1440.webp"),
            "width": 720,
            "height": round(720 * height / width),
            "zoom": zoom,
            "boxes": boxes,
            "steps": [
                {
                    "label": f"{step} %",
                    "href": url_for(
                        ".chapter",
                        publication_id=publication.id,
                        chapter=here.number,
                        zoom=step if step != 100 else None,
                        **keep,
                    ),
                    "current": step == zoom,
                }
                for step in (100, 150, 200, 300)
            ],
        }
    }


def _player(publication: Publication, manifest: Manifest, number: int) -> str:
    """Sound and film: chapter list, the browser's own player, where one was."""
    here = manifest.chapter(number)
    known = progress.known_place(db.session(), current_user.account_id, publication.id)
    start = int(request.args.get("at", "") or 0) if request.args.get("at", "").isdigit() else 0
    audio = here.audio or {}
    begin = max(start, int(audio.get("begin", 0)))
    name = str(audio.get("file") or next(iter(manifest.media), ""))
    source = url_for("reading_files.media", publication_id=publication.id, name=name)
    return render_template(
        "reading/player.html",
        publication=publication,
        manifest=manifest,
        chapter=here,
        title=here.title or publication.title,
        where=_("Part %(number)s of %(all)s", number=here.number, all=len(manifest.chapters))
        if len(manifest.chapters) > 1
        else "",
        source=f"{source}#t={begin}" if begin else source,
        poster=presenter.cover(publication)["src"].replace("cover-240.", "cover-480."),
        media_type=manifest.media.get(name, ""),
        duration=presenter.duration_words(manifest.seconds) if manifest.seconds else "",
        parts=[
            {
                "title": c.title or _("Part %(number)s", number=c.number),
                "href": entry_url(publication, c.number),
                "begin": int((c.audio or {}).get("begin", 0)),
                "length": presenter.duration_words(c.characters),
                "current": c.number == number,
            }
            for c in manifest.chapters
        ],
        captions=[
            {
                **c,
                "src": url_for(
                    "reading_files.media", publication_id=publication.id, name=c["file"]
                ),
            }
            for c in manifest.captions
        ],
        transcript=manifest.transcript,
        known=known,
        previous=_neighbour(publication, manifest, number, 1, -1),
        following=_neighbour(publication, manifest, number, 1, 1),
    )


# --- contents, search ----------------------------------------------------------------------------


@bp.get("/<int:publication_id>/contents")
@public
@cacheable
def contents(publication_id: int) -> str:
    """The whole contents of a book; of a PDF, its pages as small pictures too."""
    publication = asking.open_publication(publication_id)
    book = presenter.book(publication)
    manifest = book.manifest
    thumbs = []
    after = request.args.get("after", "0")
    first = int(after) if after.isdigit() else 0
    if manifest.form == Form.PAGES:
        thumbs = [
            {
                "number": c.number,
                "href": entry_url(publication, c.number),
                "src": url_for(
                    "reading_files.page_picture",
                    publication_id=publication.id,
                    number=c.number,
                    width=160,
                )
                if book.has_page_picture(c.number)
                else "",
                "height": round(160 * c.image["height"] / c.image["width"]) if c.image else 213,
            }
            for c in manifest.chapters[first : first + 24]
        ]
    return render_template(
        "reading/contents.html",
        publication=publication,
        entries=[
            {
                "title": e.title,
                "level": min(e.level, 4),
                "href": entry_url(publication, e.chapter, e.page, e.anchor),
            }
            for e in manifest.contents
            if e.title
        ],
        thumbs=thumbs,
        next_thumbs=url_for(".contents", publication_id=publication_id, after=first + 24)
        if thumbs and first + 24 < len(manifest.chapters)
        else None,
        previous_thumbs=url_for(
            ".contents", publication_id=publication_id, after=max(0, first - 24)
        )
        if first
        else None,
    )


@bp.get("/<int:publication_id>/find")
@public
@cacheable
def find(publication_id: int) -> str:
    """Search inside one book; hits open at the sentence."""
    publication = asking.open_publication(publication_id)
    wanted = " ".join(request.args.get("q", "").split())[:MOST_QUERY]
    after = request.args.get("after", "0")
    offset = int(after) if after.isdigit() else 0
    book = presenter.book(publication)
    hits, total = searching.search(book, wanted, limit=HITS_A_PAGE, offset=offset)
    manifest = book.manifest
    return render_template(
        "reading/find.html",
        publication=publication,
        wanted=wanted,
        total=total,
        most=searching.MOST_HITS,
        hits=[
            {
                "hit": hit,
                "where": _title(manifest, manifest.chapter(hit.chapter)),
                "href": _hit_url(publication, hit, wanted),
            }
            for hit in hits
        ],
        next_url=url_for(
            ".find", publication_id=publication.id, q=wanted, after=offset + HITS_A_PAGE
        )
        if offset + HITS_A_PAGE < total
        else None,
        previous_url=url_for(
            ".find", publication_id=publication.id, q=wanted, after=max(0, offset - HITS_A_PAGE)
        )
        if offset
        else None,
    )


def _hit_url(publication: Publication, hit: searching.BookHit, wanted: str) -> str:
    exact = hit.words and len(hit.words) >= len(wanted)
    values: dict[str, Any] = {"publication_id": publication.id, "chapter": hit.chapter}
    endpoint = ".chapter"
    if hit.page > 1:
        endpoint, values["page"] = ".chapter_page", hit.page
    anchor = f"hit-{hit.number}" if exact else f"n{hit.block}"
    return url_for(endpoint, find=wanted if exact else hit.words, _anchor=anchor, **values)
