"""Makers of heritage for tests: keyword-only, everything else filled in sensibly."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image
from sqlalchemy.orm import Session

from culture_cloud.heritage import services
from culture_cloud.heritage.facts import ItemFacts, MediaFacts
from culture_cloud.heritage.models import HeritageItem
from culture_cloud.media import services as media_services
from culture_cloud.media import serving
from culture_cloud.media.sniffing import Family
from culture_cloud.network.models import Node
from tests.factories import make_node

MB = 1 << 20


def facts(node: Node, **more: Any) -> ItemFacts:
    return ItemFacts(
        **{
            "kind": "photograph",
            "node_id": node.id,
            "title": "老渡口的木船",
            "summary": "1965年前后，渡工在老渡口撑船送人过江。",
            "description": "船是芒果木做的，一趟坐得下二十个人。",
            "date_text": "约1965年",
            "rights": "cc-by",
            "languages": ["zh-Hans"],
            **more,
        }
    )


def make_item(
    session: Session, *, node: Node | None = None, published: bool = True, **more: Any
) -> HeritageItem:
    """An item, published unless told otherwise. `uid` names it."""
    node = node or make_node(session)
    uid = more.pop("uid", None)
    item = services.create(session, facts(node, **more), by_account_id=None, uid=uid)
    if published:
        services.publish(session, item.id, by_account_id=None)
    session.flush()
    return item


def jpeg(size: tuple[int, int] = (400, 300)) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(size, 40).convert("RGB").save(buffer, "JPEG")
    return buffer.getvalue()


def png(size: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    wide = Image.linear_gradient("L").resize(size)
    high = Image.linear_gradient("L").rotate(90).resize(size)
    Image.merge("RGB", (wide, high, Image.new("L", size, 90))).save(buffer, "PNG")
    return buffer.getvalue()


def wav(seconds: float = 1.0) -> bytes:
    import wave

    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\x00\x01" * int(8000 * seconds))
    return buffer.getvalue()


def stored(session: Session, data: bytes, **more: Any) -> MediaFacts:
    """A file in the store, as facts of an item's media. Needs an app context."""
    families = (Family.PICTURE, Family.AUDIO, Family.VIDEO, Family.PDF)
    kept = serving.store().keep(io.BytesIO(data), wanted=families, most_bytes=50 * MB)
    original = media_services.record(session, kept)
    session.flush()
    family = str(kept.kind.family)
    default = {"alt": "一条木船靠在石滩边。"} if family == "picture" else {}
    return MediaFacts(
        original_id=original.id, family=family, filename="a.bin", **{**default, **more}
    )
