"""Search on the desk: is it in step, what was looked for in vain, which words mean the same."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms import TextAreaField

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.errors import NotFound
from culture_cloud.jobs.queue import enqueue
from culture_cloud.search import keeping, logbook, synonyms
from culture_cloud.search.engines.base import Damaged
from culture_cloud.search.models import SearchSynonym
from culture_cloud.web import words
from culture_cloud.web.fields import Needed
from culture_cloud.web.fields import lazy as _l
from culture_cloud.web.policies import staff

bp = Blueprint("desk_search", __name__, url_prefix="/desk/search")

DAYS = 30
SHOWN = 30

_REFUSED = {
    "few": _l("Write at least two words, one a line"),
    "many": _l("These are too many words: twelve at most"),
    "long": _l("One of the words is too long: thirty characters at most"),
    "empty_word": _l("One of the lines holds no word"),
}


class SynonymsForm(FlaskForm):  # type: ignore[misc]
    """Words that mean the same."""

    words = TextAreaField(
        _l("Words that mean the same"),
        description=_l("One a line. Who looks for one of them finds the others too."),
        validators=[Needed(_l("Write at least two words, one a line"))],
    )


@bp.get("")
@staff(Permission.SEARCH_MANAGE)
def index() -> str:
    session = db.session()
    since = words.today() - timedelta(days=DAYS)
    return render_template(
        "desk/search/index.html",
        state=_state(),
        logging=keeping.logs_searches(),
        days=DAYS,
        in_vain=[
            {
                "words": found,
                "times": ngettext("%(num)d time", "%(num)d times", times),
                "add": url_for(".new", words=found),
                "look": url_for("search.page", q=found),
            }
            for found, times in logbook.in_vain(session, since, SHOWN)
        ],
        wanted=[
            {"words": found, "times": times}
            for found, times in logbook.most_wanted(session, since, SHOWN)
        ],
        sets=[
            {
                "id": row.id,
                "words": "、".join(row.words.split("\n")),
                "edit": url_for(".edit", synonym_id=row.id),
            }
            for row in synonyms.all_sets(session)
        ],
    )


def _state() -> list[tuple[str, str]]:
    """How the index is doing, as terms and values."""
    session = db.session()
    waiting, age = keeping.lag(session)
    facts = keeping.remembered(session)
    try:
        documents = str(keeping.engine().documents())
    except Damaged:
        documents = _("The index cannot be read; it is built anew")
    rows = [(_("Documents that can be found"), documents)]
    rows.append(
        (
            _("Changes that wait"),
            ngettext(
                "%(num)d, the oldest for %(seconds)s seconds",
                "%(num)d, the oldest for %(seconds)s seconds",
                waiting,
                seconds=int(age.total_seconds()),
            )
            if waiting
            else _("none: search is in step"),
        )
    )
    if "built" in facts:
        rows.append((_("Built anew"), words.date_and_time_words(facts["built"][1])))
    if "compared" in facts:
        value, when = facts["compared"]
        said = f"{words.date_and_time_words(when)} {_differences(value)}"
        rows.append((_("Compared with everything"), said))
    if facts.get("fault", ("",))[0]:
        rows.append((_("What is wrong"), facts["fault"][0]))
    return rows


def _differences(value: str) -> str:
    """ "missing=0 stale=2 extra=0" in words."""
    count = sum(int(part.partition("=")[2]) for part in value.split() if "=" in part)
    if not count:
        return _("nothing differed")
    return str(ngettext("%(num)d difference mended", "%(num)d differences mended", count))


@bp.post("/rebuild")
@staff(Permission.SEARCH_MANAGE)
def rebuild() -> BaseResponse:
    """Let the worker build the index anew."""
    with db.transaction() as session:
        enqueue(session, "search.rebuild", key="search.rebuild")
    flash(_("The index is built anew. Search goes on meanwhile."), "success")
    return redirect(url_for(".index"), code=303)


@bp.route("/synonyms/new", methods=["GET", "POST"])
@staff(Permission.SEARCH_MANAGE)
def new() -> BaseResponse:
    """Add a set of words; `words` in the address begins it."""
    form = SynonymsForm()
    if request.method == "GET":
        form.words.data = request.args.get("words", "")[:60]
    return _saved(form, None) or _form_page(form, None)


@bp.route("/synonyms/<int:synonym_id>", methods=["GET", "POST"])
@staff(Permission.SEARCH_MANAGE)
def edit(synonym_id: int) -> BaseResponse:
    """Change a set of words."""
    row = db.session().get(SearchSynonym, synonym_id)
    if row is None:
        raise NotFound
    form = SynonymsForm()
    if request.method == "GET":
        form.words.data = row.words
    return _saved(form, synonym_id) or _form_page(form, synonym_id)


def _saved(form: SynonymsForm, synonym_id: int | None) -> BaseResponse | None:
    if not form.validate_on_submit():
        return None
    try:
        with db.transaction() as session:
            synonyms.keep(session, form.words.data or "", synonym_id)
    except synonyms.SynonymsRefused as error:
        form.words.errors = [str(_REFUSED[error.reason])]
        return None
    flash(_("Kept. Search knows it from now on."), "success")
    return redirect(url_for(".index"), code=303)


def _form_page(form: SynonymsForm, synonym_id: int | None) -> BaseResponse:
    page = render_template("desk/search/synonyms.html", form=form, synonym_id=synonym_id)
    return make_response(page, 422 if form.errors else 200)


@bp.post("/synonyms/<int:synonym_id>/remove")
@staff(Permission.SEARCH_MANAGE)
def remove(synonym_id: int) -> BaseResponse:
    with db.transaction() as session:
        synonyms.remove(session, synonym_id)
    flash(_("The words no longer mean the same to search."), "success")
    return redirect(url_for(".index"), code=303)
