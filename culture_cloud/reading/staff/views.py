"""The desk's list of publications, their descriptions, publishing and withdrawing."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import db, i18n
from culture_cloud.access.permissions import Permission
from culture_cloud.errors import NotFound, NotPermitted
from culture_cloud.network.models import Node
from culture_cloud.reading.audio.media import clock_seconds
from culture_cloud.reading.blueprint import desk_bp as bp
from culture_cloud.reading.intake.wording import words_of
from culture_cloud.reading.models import Form, Intake, Publication, Rights, State
from culture_cloud.reading.pdf import ocr
from culture_cloud.reading.publications import presenter, queries, services
from culture_cloud.reading.publications.services import MoreAreLent, NothingToRead
from culture_cloud.speech.pinyin import readings_of
from culture_cloud.web.policies import staff

from . import own
from .forms import ChaptersForm, PublicationForm

PAGE_SIZE = 50
LOAN_DAYS = 21


def state_words(state: str) -> tuple[str, str]:
    """The state in words, and the kind of its tag."""
    return {
        State.DRAFT: (_("Not shown yet"), "warn"),
        State.PUBLISHED: (_("In the reading room"), "calm"),
        State.WITHDRAWN: (_("Taken out"), "plain"),
    }[State(state)]


@bp.get("")
@staff(Permission.READING_EDIT)
def index() -> str:
    """What the reader's halls keep, what waits, what was refused."""
    session = db.session()
    asked, state = request.args.get("q", "").strip()[:100], request.args.get("state", "")
    after = request.args.get("after", "")
    query = (
        select(Publication)
        .join(Node)
        .options(joinedload(Publication.node))
        .where(own.scope().rows(Node.path))
        .order_by(Publication.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if asked:
        like = f"%{asked.replace('%', '').replace('_', '')}%"
        query = query.where(
            or_(Publication.title.like(like), Publication.isbn == asked.replace("-", ""))
        )
    if state in set(State):
        query = query.where(Publication.state == state)
    if after.isdigit():
        query = query.where(Publication.id < int(after))
    rows = list(session.scalars(query))
    more = rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else None
    return render_template(
        "reading/desk/index.html",
        rows=[_row(p) for p in rows[:PAGE_SIZE]],
        asked=asked,
        state=state,
        state_links=[
            {
                "label": state_words(s)[0],
                "href": url_for(".index", q=asked or None, state=s),
                "current": state == s,
            }
            for s in State
        ],
        ways=_ways(),
        next_url=url_for(".index", q=asked or None, state=state or None, after=more)
        if more
        else None,
        waiting=_intakes("waiting"),
        refused=_intakes("refused"),
    )


def _ways() -> list[dict[str, str]]:
    """The other parts of the reading room's desk."""
    return [
        {"title": _("Library records"), "href": url_for(".records")},
        {"title": _("Shelves"), "href": url_for(".shelves")},
        {"title": _("How much is read"), "href": url_for(".figures")},
        {"title": _("Addresses inside the halls"), "href": url_for(".networks")},
    ]


def _row(publication: Publication) -> dict[str, Any]:
    return {
        "title": publication.title,
        "href": url_for(".publication", publication_id=publication.id),
        "kind": presenter.kind_name(publication.kind),
        "hall": publication.node.plate_name,
        "state": state_words(publication.state),
    }


def _intakes(state: str) -> list[dict[str, Any]]:
    rows = db.session().scalars(
        select(Intake)
        .join(Node)
        .where(own.scope().rows(Node.path), Intake.state == state)
        .order_by(Intake.id.desc())
        .limit(30)
    )
    return [intake_facts(row) for row in rows]


def intake_facts(intake: Intake) -> dict[str, Any]:
    """A file that came in, as pages show it."""
    found = (intake.findings or {}).get("list", [])
    return {
        "intake": intake,
        "href": url_for("desk_reading.intake", intake_id=intake.id),
        "size": presenter.size_words(intake.size),
        "said": [words_of(finding) for finding in found],
    }


@bp.get("/<int:publication_id>")
@staff(Permission.READING_EDIT)
def publication(publication_id: int) -> str:
    """One publication: how it stands, what its check found, what can be done."""
    session = db.session()
    found = own.publication(session, publication_id)
    intake = session.scalar(
        select(Intake).where(Intake.publication_id == found.id).order_by(Intake.id.desc()).limit(1)
    )
    return render_template(
        "reading/desk/publication.html",
        publication=found,
        state=state_words(found.state),
        kind=presenter.kind_name(found.kind),
        rights=presenter.rights_name(found.rights),
        cover=presenter.cover(found),
        length=presenter.length_words(found),
        said=intake_facts(intake)["said"] if intake else [],
        may_publish=own.may_publish(found.node),
        has_parts=found.form in {Form.AUDIO, Form.VIDEO},
        has_text=bool(found.characters),
        is_public=found.state == State.PUBLISHED,
        may_be_read=found.only_pictures and bool(found.book_key) and ocr.tool() is not None,
        ways=_more_ways(found),
    )


def _more_ways(found: Publication) -> list[dict[str, str]]:
    """What else can be done with a publication of its form."""
    ways = []
    if found.form == Form.TEXT:
        href = url_for(".recordings", publication_id=found.id)
        ways.append({"title": _("Recordings"), "href": href})
    if found.form == Form.VIDEO:
        ways.append({"title": _("Captions"), "href": url_for(".captions", publication_id=found.id)})
    return ways


@bp.get("/<int:publication_id>/cover.webp")
@staff(Permission.READING_EDIT)
def cover(publication_id: int) -> BaseResponse:
    """The cover of a publication that is not shown yet."""
    found = own.publication(db.session(), publication_id)
    if not found.has_cover:
        raise NotFound
    response = make_response(presenter.book(found).cover(240))
    response.mimetype = "image/webp"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.route("/<int:publication_id>/edit", methods=["GET", "POST"])
@staff(Permission.READING_EDIT)
def edit(publication_id: int) -> BaseResponse:
    """Change the description."""
    found = own.publication(db.session(), publication_id)
    form = PublicationForm(data=_form_data(found))
    session = db.session()
    form.offer(
        kinds=presenter.kind_names().items(),
        subjects=[(s.code, f"{s.code} {i18n.named(s)}") for s in queries.subjects(session)],
        audiences=[(a.code, i18n.named(a)) for a in queries.audiences(session)],
        rights=presenter.rights_names().items(),
    )
    clash = request.method == "POST" and request.form.get("version") != str(found.version)
    if form.validate_on_submit() and not clash:
        try:
            with db.transaction() as writing:
                services.describe(
                    writing,
                    own.publication(writing, publication_id),
                    _facts(form),
                    copies=int(form.copies.data) if form.copies.data else None,
                    loan_days=int(form.loan_days.data or LOAN_DAYS),
                    by=current_user.account_id,
                )
        except MoreAreLent:
            form.copies.errors = [_("More copies are lent than that. Wait until some are returned")]
        except StaleDataError:
            clash = True
        else:
            flash(_("The description is kept."), "success")
            return redirect(url_for(".publication", publication_id=publication_id), code=303)
    page = render_template("reading/desk/edit.html", form=form, publication=found, clash=clash)
    return make_response(page, 422 if form.errors or clash else 200)


def _form_data(found: Publication) -> dict[str, Any]:
    licence = found.licence
    return {
        **{n: getattr(found, n) for n in ("title", "subtitle", "kind", "publisher", "published")},
        **{
            n: getattr(found, n) for n in ("series", "issue", "isbn", "issn", "language", "summary")
        },
        **{n: getattr(found, n) for n in ("class_mark", "rights", "rights_note", "downloadable")},
        "authors": "\n".join(found.authors),
        "contributors": "\n".join(found.contributors),
        "keywords": "，".join(found.keywords),
        "subject": found.subject_code or "",
        "audience": found.audience_code,
        "copies": str(licence.copies) if licence else "",
        "loan_days": str(licence.loan_days if licence else LOAN_DAYS),
        "readings": "\n".join(f"{word} {said}" for word, said in found.readings.items()),
    }


def _facts(form: PublicationForm) -> dict[str, Any]:
    import re

    mark = (form.class_mark.data or "").upper()
    subject = form.subject.data or None
    if not subject and mark:
        known = {s.code for s in queries.subjects(db.session())}
        subject = mark[0] if mark[0] in known else None
    return {
        **{n: form[n].data or "" for n in ("title", "subtitle", "kind", "publisher", "published")},
        **{
            n: form[n].data or ""
            for n in ("series", "issue", "isbn", "issn", "language", "summary")
        },
        **{n: form[n].data or "" for n in ("rights", "rights_note")},
        "class_mark": mark,
        "authors": _lines(form.authors.data),
        "contributors": _lines(form.contributors.data),
        "keywords": [
            w.strip() for w in re.split(r"[,，、;；]", form.keywords.data or "") if w.strip()
        ],
        "subject_code": subject,
        "audience_code": form.audience.data,
        "readings": readings_of(form.readings.data or ""),
        "downloadable": bool(form.downloadable.data) and form.rights.data != Rights.ON_SITE,
    }


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


@bp.post("/<int:publication_id>/publish")
@staff(Permission.READING_EDIT)
def publish(publication_id: int) -> BaseResponse:
    """Show it to readers."""
    found = own.publication(db.session(), publication_id)
    if not own.may_publish(found.node):
        raise NotPermitted
    try:
        with db.transaction() as session:
            services.publish(
                session, own.publication(session, publication_id), by=current_user.account_id
            )
    except NothingToRead:
        flash(_("There is no file to read yet. Please upload one first."), "error")
    else:
        flash(_("It stands in the reading room now."), "success")
    return redirect(url_for(".publication", publication_id=publication_id), code=303)


@bp.route("/<int:publication_id>/withdraw", methods=["GET", "POST"])
@staff(Permission.READING_EDIT)
def withdraw(publication_id: int) -> BaseResponse:
    """Take it out of the reading room; asked once more, since readers may be amid it."""
    found = own.publication(db.session(), publication_id)
    if request.method == "GET":
        return make_response(render_template("reading/desk/withdraw.html", publication=found))
    with db.transaction() as session:
        services.withdraw(
            session,
            own.publication(session, publication_id),
            reason=request.form.get("reason", "").strip()[:300],
            by=current_user.account_id,
        )
    flash(_("It is taken out of the reading room. Readers' notes are kept."), "success")
    return redirect(url_for(".publication", publication_id=publication_id), code=303)


@bp.route("/<int:publication_id>/chapters", methods=["GET", "POST"])
@staff(Permission.READING_EDIT)
def chapters(publication_id: int) -> BaseResponse:
    """Where the chapters of a sound or film begin, typed in by whoever has listened."""
    from .revising import with_chapters

    found = own.publication(db.session(), publication_id)
    if found.form not in {Form.AUDIO, Form.VIDEO}:
        raise NotFound
    manifest = presenter.book(found).manifest
    form = ChaptersForm(data={"chapters": "\n".join(_chapter_line(c) for c in manifest.chapters)})
    if form.validate_on_submit():
        marks, wrong = _read_marks(form.chapters.data or "")
        if wrong:
            form.chapters.errors = [
                _(
                    "This line is not understood: %(line)s. Write the time, a space, the title",
                    line=wrong,
                )
            ]
        else:
            with db.transaction() as session:
                with_chapters(session, own.publication(session, publication_id), marks)
            flash(_("The chapters are kept."), "success")
            return redirect(url_for(".publication", publication_id=publication_id), code=303)
    page = render_template("reading/desk/chapters.html", form=form, publication=found)
    return make_response(page, 422 if form.errors else 200)


def _chapter_line(chapter: Any) -> str:
    begin = int((chapter.audio or {}).get("begin", 0))
    hours, rest = divmod(begin, 3600)
    clock = (
        f"{hours}:{rest // 60:02d}:{rest % 60:02d}"
        if hours
        else f"{rest // 60:02d}:{rest % 60:02d}"
    )
    return f"{clock} {chapter.title}".strip()


def _read_marks(text: str) -> tuple[list[tuple[float, str]], str]:
    """(begin, title) for each line; the first line that is none, else empty."""
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        time, _blank, title = line.strip().partition(" ")
        seconds = clock_seconds(time)
        if seconds is None:
            return [], line.strip()[:60]
        found.append((seconds, title.strip()))
    return found, ""
