"""Residents bring something; later they see here what became of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from flask import (
    Blueprint,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select
from werkzeug.wrappers import Response

from culture_cloud import db
from culture_cloud.heritage import queries
from culture_cloud.heritage.models import HeritageItem
from culture_cloud.heritage.reading import reader
from culture_cloud.media import services as media_services
from culture_cloud.media import serving
from culture_cloud.media.sniffing import Family, UploadRefused
from culture_cloud.media.wording import refusal_words
from culture_cloud.network.models import Node
from culture_cloud.web import throttle
from culture_cloud.web.policies import public
from culture_cloud.web.security import takes_large_files

from . import services
from .forms import GiftForm

bp = Blueprint("heritage_gifts", __name__, url_prefix="/heritage/give")

LIMIT = throttle.Limit("heritage gifts", 20, timedelta(hours=1))
_KEPT_SECONDS = 24 * 3600
_FAMILIES = {
    "photograph": (Family.PICTURE,),
    "recording": (Family.AUDIO, Family.VIDEO),
    "memory": (Family.PICTURE, Family.AUDIO, Family.VIDEO),
    "correction": (Family.PICTURE,),
}


@bp.route("", methods=["GET", "POST"])
@public
@takes_large_files
def form() -> Response:
    """The questions. What was typed and the file that was sent stay where something is missing."""
    item = _item()
    asked = GiftForm(data=_beginning(item))
    asked.offer(_places(), correcting=item is not None)
    if request.method == "GET":
        return _page(asked, item)
    if asked.from_robot:
        return redirect(url_for("heritage.index"), code=303)
    _count_attempt()
    file_ok = _keep_file(asked)
    if not asked.validate() or not file_ok:
        return _page(asked, item, status=422)
    with db.transaction() as session:
        services.take(session, _gift(asked, item))
    return redirect(url_for(".taken", token=asked.idempotency_key.data), code=303)


def _item() -> HeritageItem | None:
    number = request.args.get("item", 0, type=int)
    return queries.shown_item(db.session(), number, reader()) if number else None


def _beginning(item: HeritageItem | None) -> dict[str, str]:
    facts = {"name": current_user.name, "phone": current_user.phone or ""}
    if item is not None:
        node = item.place_node or item.node
        facts |= {"kind": "correction", "title": item.title, "node": node.code}
    return facts


def _places() -> list[tuple[str, str]]:
    nodes = db.session().scalars(
        select(Node).where(Node.closed_down.is_(False)).order_by(Node.path)
    )
    named = [(n.code, "\u3000" * (n.path.count("/") - 2) + (n.name or n.plate_name)) for n in nodes]
    return [("", ""), *named]


def _count_attempt() -> None:
    address = throttle.caller_address()
    throttle.check(db.session(), LIMIT, address)
    with db.transaction() as session:
        throttle.record(session, LIMIT, address)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.config["SECRET_KEY"]), salt="heritage gift")


def _keep_file(asked: GiftForm) -> bool:
    """Store a file at once, so that a fault elsewhere in the form does not lose it."""
    upload = asked.file.data
    if not upload:
        return True
    wanted = _FAMILIES.get(asked.kind.data or "", tuple(_FAMILIES["memory"]))
    most = current_app.config["CULTURE_CLOUD"].max_media_bytes
    try:
        kept = serving.store().keep(
            upload.stream, wanted=wanted, most_bytes=most, filename=upload.filename or ""
        )
    except UploadRefused as error:
        asked.file.errors = [refusal_words(error.reason)]
        asked.file.process_errors = [refusal_words(error.reason)]
        return False
    with db.transaction() as session:
        original_id = media_services.record(session, kept, with_form=True).id
    asked.kept.data = _signer().dumps([original_id, (upload.filename or "")[-200:]])
    return True


def _gift(asked: GiftForm, item: HeritageItem | None) -> services.Gift:
    node = db.session().scalar(select(Node).where(Node.code == asked.node.data))
    original_id, filename = None, ""
    if asked.kept.data:
        with suppress(BadSignature):  # somebody else wrote it, or it is old: then there is none
            original_id, filename = _signer().loads(asked.kept.data, max_age=_KEPT_SECONDS)
    return services.Gift(
        kind=asked.kind.data or "",
        node_id=node.id if node else 0,
        name=asked.name.data or "",
        phone=asked.phone.normal or "",
        title=asked.title.data or "",
        text=asked.text.data or "",
        when_text=asked.when_text.data or "",
        may_name=bool(asked.may_name.data),
        key=str(asked.idempotency_key.data),
        item_id=item.id if item else None,
        account_id=current_user.account_id,
        original_id=original_id,
        filename=filename,
    )


def _page(asked: GiftForm, item: HeritageItem | None, status: int = 200) -> Response:
    html = render_template("heritage/give.html", form=asked, item=item)
    return make_response(html, status)


@bp.get("/<token>")
@public
def taken(token: str) -> str:
    """What became of it. Whoever has the address sees it; nobody can guess it."""
    g.personal = True
    found = services.by_key(db.session(), token)
    made = (
        queries.items_by_id(db.session(), [found.made_item_id], reader()).get(found.made_item_id)
        if found.made_item_id
        else None
    )
    return render_template("heritage/given.html", gift=found, item=made)
