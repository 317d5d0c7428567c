"""What is a reader's own: the place, marks, notes, and taking them along."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import db
from culture_cloud.errors import NotFound
from culture_cloud.reading import asking
from culture_cloud.reading.blueprint import own_bp as bp
from culture_cloud.reading.books import Manifest
from culture_cloud.reading.models import Form, Mark, Publication
from culture_cloud.reading.page_views import entry_url
from culture_cloud.reading.publications import presenter, queries
from culture_cloud.reading.statistics import note_finish
from culture_cloud.reading.texts import page_words
from culture_cloud.web.policies import signed_in

from . import marks, progress
from .progress import Moved, Place

MOST_NOTE = marks.MOST_NOTE


# --- the place -----------------------------------------------------------------------------------


@bp.post("/<int:publication_id>/place")
@signed_in
def keep_place(publication_id: int) -> BaseResponse:
    """Note where the reader is, and go on: the buttons of a page, and the script, come here."""
    publication = asking.open_publication(publication_id)
    manifest = presenter.book(publication).manifest
    place = _place(manifest)
    with db.transaction() as session:
        moved = progress.move(
            session,
            account_id=current_user.account_id,
            publication_id=publication.id,
            place=place,
            seen_version=_number("seen"),
            insist="insist" in request.form,
        )
        if moved is Moved.MOVED and place.at_end:
            note_finish(session, publication.id)
    wants_data = request.accept_mimetypes.best == "application/json"
    known = progress.known_place(db.session(), current_user.account_id, publication.id)
    if moved is Moved.ASK and known is not None:
        if wants_data:
            return Response(status=409)
        return Response(_ask_page(publication, manifest, place), 409)
    if wants_data:
        return jsonify({"version": known.version if known else 0})
    if request.form.get("stay"):
        flash(_("Your place is kept. You can go on here from any device."), "success")
    return redirect(_address(publication, manifest, place), code=303)


def _place(manifest: Manifest) -> Place:
    """The place a form names, brought inside the book."""
    chapter = manifest.chapter(max(1, min(len(manifest.chapters), _number("chapter", 1))))
    if manifest.form in {Form.AUDIO, Form.VIDEO}:
        seconds = max(0, min(_number("block"), round(manifest.seconds) or 10**6))
        share = seconds / manifest.seconds if manifest.seconds else 0.0
        at_end = bool(manifest.seconds) and share > 0.98
        return Place(chapter.number, seconds, min(1.0, share), _device(), at_end)
    block = max(1, min(_number("block", 1), max(1, chapter.blocks)))
    page = chapter.page_of(block)
    counted = [c for c in manifest.chapters if not c.aside]
    is_last = bool(counted) and chapter.number == counted[-1].number and page == chapter.pages
    share = manifest.share_before(chapter.number, page)
    if is_last:
        share = 1.0
    elif chapter.blocks:
        inside = (block - chapter.starts[page - 1]) / chapter.blocks
        share = min(0.999, share + inside * chapter.characters / max(1, manifest.characters))
    return Place(chapter.number, block, share, _device(), is_last)


def _number(name: str, default: int = 0) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isdigit() and len(text) < 10 else default


def _device() -> str:
    """What the reader would call the device."""
    agent = request.headers.get("User-Agent", "").lower()
    if "ipad" in agent or "tablet" in agent:
        return "tablet"
    if any(word in agent for word in ("mobile", "android", "iphone")):
        return "phone"
    return "computer"


def device_words(device: str) -> str:
    names = {"tablet": _("tablet"), "phone": _("phone"), "computer": _("computer")}
    return names.get(device, _("another device"))


def _address(publication: Publication, manifest: Manifest, place: Place) -> str:
    if manifest.form in {Form.AUDIO, Form.VIDEO}:
        return url_for(
            "reading.chapter", publication_id=publication.id, chapter=place.chapter, at=place.block
        )
    page = manifest.chapter(place.chapter).page_of(place.block)
    first = manifest.chapter(place.chapter).starts[page - 1]
    anchor = f"n{place.block}" if place.block > first else ""
    address = entry_url(publication, place.chapter, page)
    if request.form.get("lines") == "horizontal":
        address += "?lines=horizontal"
    return address + (f"#{anchor}" if anchor else "")


def _ask_page(publication: Publication, manifest: Manifest, place: Place) -> str:
    """Two places, and the reader says which is meant: nobody is taken back silently."""
    known = progress.known_place(db.session(), current_user.account_id, publication.id)
    return render_template(
        "reading/which_place.html",
        publication=publication,
        known=known,
        known_words=_place_words(manifest, known.chapter) if known else "",
        known_device=device_words(known.device if known else ""),
        known_share=f"{round((known.share if known else 0) * 100)} %",
        here_words=_place_words(manifest, place.chapter),
        here_share=f"{round(place.share * 100)} %",
        place=place,
    )


def _place_words(manifest: Manifest, chapter: int) -> str:
    title = manifest.chapter(chapter).title
    if manifest.form == Form.PAGES:
        return _("Page %(number)s", number=chapter)
    return title or _("Chapter %(number)s", number=chapter)


@bp.get("/<int:publication_id>/go-on")
@signed_in
def go_on(publication_id: int) -> BaseResponse:
    """To the place where the reader was, on whichever device."""
    publication = asking.open_publication(publication_id)
    manifest = presenter.book(publication).manifest
    known = progress.known_place(db.session(), current_user.account_id, publication.id)
    if known is None or not 1 <= known.chapter <= len(manifest.chapters):
        return redirect(entry_url(publication, 1))
    return redirect(_address(publication, manifest, Place(known.chapter, known.block, known.share)))


# --- marks ---------------------------------------------------------------------------------------


@bp.post("/<int:publication_id>/bookmark")
@signed_in
def bookmark(publication_id: int) -> BaseResponse:
    """Put a bookmark into this page, or take it out."""
    publication = asking.open_publication(publication_id)
    manifest = presenter.book(publication).manifest
    place = _place(manifest)
    with db.transaction() as session:
        if request.form.get("remove", "").isdigit():
            marks.remove(session, current_user.account_id, int(request.form["remove"]))
            flash(_("The bookmark is taken out."), "success")
        else:
            words = _block_text(publication, place.chapter, place.block)
            spot = marks.Spot(place.chapter, place.block, quote=words[:120])
            marks.add(
                session,
                account_id=current_user.account_id,
                publication_id=publication.id,
                kind="bookmark",
                spot=spot,
            )
            flash(_("The bookmark is set. You find it under My reading."), "success")
    return redirect(_address(publication, manifest, place), code=303)


@bp.route("/<int:publication_id>/marks/new", methods=["GET", "POST"])
@signed_in
def new_mark(publication_id: int) -> BaseResponse:
    """Mark a sentence or a paragraph and write a note: choose it from the page's paragraphs."""
    publication = asking.open_publication(publication_id)
    book = presenter.book(publication)
    source = request.form if request.method == "POST" else request.args
    chapter = book.manifest.chapter(_in(source, "chapter", 1))
    page = max(1, min(chapter.pages, _in(source, "page", 1)))
    blocks = page_words(book, chapter.number, page).blocks
    if not blocks:
        raise NotFound
    error = ""
    if request.method == "POST":
        spot = _chosen(blocks, chapter.number)
        if spot is not None:
            with db.transaction() as session:
                mark = marks.add(
                    session,
                    account_id=current_user.account_id,
                    publication_id=publication.id,
                    kind="highlight",
                    spot=spot,
                    note=request.form.get("note", "").strip(),
                )
            flash(_("It is marked. Only you can see it."), "success")
            back = entry_url(publication, chapter.number, page)
            return redirect(f"{back}#mark-{mark.id}", code=303)
        error = _("Please choose what to mark")
    html = render_template(
        "reading/mark.html",
        publication=publication,
        chapter=chapter,
        page=page,
        paragraphs=_sentences(blocks),
        note=request.form.get("note", ""),
        chosen=request.form.getlist("sentence") or request.args.getlist("sentence"),
        error=error,
        back=entry_url(publication, chapter.number, page),
    )
    return Response(html, 422 if error else 200)


def _in(source: Any, name: str, default: int) -> int:
    text = source.get(name, "")
    return int(text) if text.isdigit() and len(text) < 7 else default


def _sentences(blocks: list[tuple[int, str]]) -> list[list[dict[str, Any]]]:
    """Each paragraph as its sentences, each with the value of its tick."""
    found = []
    for block, words in blocks:
        at, sentences = 0, []
        for sentence in _cut(words):
            begin = words.find(sentence, at)
            at = begin + len(sentence)
            sentences.append({"value": f"{block}-{begin}-{at}", "words": sentence})
        found.append(sentences)
    return found


def _cut(words: str) -> list[str]:
    import re

    return re.findall(r"[^。！？!?；;]+[。！？!?；;”’」』）)]*|[。！？!?；;]+", words) or [words]


def _chosen(blocks: list[tuple[int, str]], chapter: int) -> marks.Spot | None:
    """The sentences that were ticked, as one span: from the first to the last of one paragraph.

    The script sends one span of its own (`sentence` = block-begin-end).
    """
    texts = dict(blocks)
    spans = []
    for value in request.form.getlist("sentence")[:200]:
        parts = value.split("-")
        if len(parts) == 3 and all(p.isdigit() and len(p) < 8 for p in parts):
            block, begin, end = map(int, parts)
            if block in texts and begin < end:
                spans.append((block, begin, min(end, len(texts[block]))))
    if not spans:
        return None
    block = spans[0][0]
    here = [span for span in spans if span[0] == block]
    begin, end = min(s[1] for s in here), max(s[2] for s in here)
    return marks.Spot(chapter, block, begin, end, texts[block][begin:end])


def _block_text(publication: Publication, chapter: int, block: int) -> str:
    book = presenter.book(publication)
    here = book.manifest.chapter(chapter)
    words = dict(page_words(book, chapter, here.page_of(block)).blocks)
    return words.get(block, "")


@bp.route("/marks/<int:mark_id>", methods=["GET", "POST"])
@signed_in
def mark(mark_id: int) -> BaseResponse:
    """One mark: change its note, or take it away."""
    found = marks.own(db.session(), current_user.account_id, mark_id)
    publication_id = found.publication_id
    if request.method == "POST":
        with db.transaction() as session:
            if "remove" in request.form:
                marks.remove(session, current_user.account_id, mark_id)
                flash(_("The mark is taken away."), "success")
            else:
                changed = marks.own(session, current_user.account_id, mark_id)
                changed.note = request.form.get("note", "").strip()[:MOST_NOTE]
                flash(_("The note is kept."), "success")
        return redirect(url_for(".my_marks", publication_id=publication_id), code=303)
    return Response(
        render_template(
            "reading/one_mark.html", mark=found, href=mark_url(found), device_words=device_words
        )
    )


def mark_url(found: Mark) -> str:
    """Where a mark leads."""
    try:
        manifest = presenter.book(found.publication).manifest
        page = manifest.chapter(found.chapter).page_of(found.block)
    except NotFound:
        return url_for("reading.page", publication_id=found.publication_id)
    anchor = f"n{found.block}" if found.kind == "bookmark" else f"mark-{found.id}"
    return entry_url(found.publication, found.chapter, page, anchor)


@bp.get("/<int:publication_id>/marks")
@signed_in
def my_marks(publication_id: int) -> str:
    """The reader's bookmarks, highlights and notes in one book."""
    publication = queries.publication(db.session(), publication_id)
    found = marks.of_reader(db.session(), current_user.account_id, publication_id)
    return render_template(
        "reading/marks.html",
        publication=publication,
        marks=[{"mark": m, "href": mark_url(m)} for m in found],
    )


@bp.get("/my/marks.json")
@signed_in
def marks_json() -> Response:
    """All marks as data."""
    found = marks.of_reader(db.session(), current_user.account_id)
    response = jsonify({"marks": marks.as_json(found)})
    response.headers["Content-Disposition"] = 'attachment; filename="reading-notes.json"'
    return response


@bp.get("/my/marks.txt")
@signed_in
def marks_text() -> Response:
    """All marks as plain text, book by book."""
    lines: list[str] = []
    last = 0
    for found in marks.of_reader(db.session(), current_user.account_id):
        if found.publication_id != last:
            last = found.publication_id
            authors = presenter.people(found.publication.authors)
            lines += ["", f"《{found.publication.title}》 {authors}".strip(), ""]
        where = _("Chapter %(number)s", number=found.chapter)
        lines.append(f"[{where}] {found.quote}")
        if found.note:
            lines.append(f"    {found.note}")
    text = "\r\n".join(lines).strip() + "\r\n"
    response = Response("\ufeff" + text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="reading-notes.txt"'
    return response
