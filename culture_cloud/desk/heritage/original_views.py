"""Stored originals: whether they are what was stored, and what was sent but never taken."""

from __future__ import annotations

from flask import Response, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy import func, select
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud import db
from culture_cloud.access.permissions import Permission
from culture_cloud.errors import NotFound
from culture_cloud.heritage import services
from culture_cloud.heritage.facts import ItemFacts, MediaFacts
from culture_cloud.media import loose, serving
from culture_cloud.media import services as media_services
from culture_cloud.media.models import MediaOriginal
from culture_cloud.media.sniffing import BY_MEDIA_TYPE, Family
from culture_cloud.media.wording import refusal_words
from culture_cloud.web.policies import staff

from . import own
from .blueprint import bp

KIND_OF = {
    Family.PICTURE: "photograph",
    Family.AUDIO: "recording",
    Family.VIDEO: "recording",
    Family.PDF: "document",
}
"""What a file becomes when it is made a draft; the form can say otherwise."""


@bp.get("/originals")
@staff(Permission.HERITAGE_PUBLISH)
def originals() -> str:
    """Whether the stored files are still what was stored, and what is in no item."""
    session = db.session()
    count, size, oldest = session.execute(
        select(
            func.count(MediaOriginal.id),
            func.coalesce(func.sum(MediaOriginal.size), 0),
            func.min(MediaOriginal.checked_at),
        )
    ).one()
    failed = select(MediaOriginal).where(MediaOriginal.state == "failed").limit(100)
    return render_template(
        "desk/heritage/originals.html",
        count=count,
        size=f"{int(size) / 1e9:.2f} GB",
        oldest=oldest,
        damaged=media_services.damaged(session),
        failed=[(one.checksum[:16], refusal_words(one.fault)) for one in session.scalars(failed)],
        loose=[
            {
                "id": one.id,
                "size": f"{one.size / 1e6:.1f} MB",
                "type": BY_MEDIA_TYPE[one.media_type].ending.upper(),
                "sent": one.loose_since,
                "goes": one.loose_since + loose.KEPT_FOR if one.loose_since else None,
            }
            for one in loose.loose(session, limit=50)
        ],
        days=loose.KEPT_FOR.days,
    )


def _loose(original_id: int) -> MediaOriginal:
    found = loose.one(db.session(), original_id)
    if found is None:
        raise NotFound
    return found


@bp.get("/originals/<int:original_id>/file")
@staff(Permission.HERITAGE_PUBLISH)
def file_loose(original_id: int) -> Response:
    """The file itself, to see whose it is."""
    found = _loose(original_id)
    return serving.send_original(
        found.checksum, found.media_type, name=f"{found.id}", download=True, public=False
    )


@bp.post("/originals/<int:original_id>/draft")
@staff(Permission.HERITAGE_PUBLISH)
def draft_of_loose(original_id: int) -> BaseResponse:
    """Make a draft of it, so that it stays. A second press leads to the same draft."""
    uid = f"loose-{original_id}"
    found = loose.one(db.session(), original_id)
    with db.transaction() as session:
        item = (
            services.create(session, _facts(found), by_account_id=current_user.account_id, uid=uid)
            if found is not None
            else services.by_uid(session, uid)
        )
        item_id = item.id
    return redirect(url_for(".edit", item_id=item_id), code=303)


def _facts(found: MediaOriginal) -> ItemFacts:
    family = BY_MEDIA_TYPE[found.media_type].family
    return ItemFacts(
        kind=KIND_OF.get(family, "document"),
        node_id=own.halls(db.session())[0].id,
        languages=["zh-Hans"],
        media=[MediaFacts(original_id=found.id, family=family)],
    )
