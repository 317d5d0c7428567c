"""Files that came with a form nobody sent off: seen by staff, rescued, deleted after a week."""

from __future__ import annotations

import io
import os
from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock, db
from culture_cloud.access.permissions import Role
from culture_cloud.errors import NotFound
from culture_cloud.heritage.facts import MediaFacts
from culture_cloud.heritage.importing import jobs as import_jobs
from culture_cloud.heritage.models import HeritageImport, HeritageItem
from culture_cloud.media import loose, services, serving
from culture_cloud.media.models import MediaOriginal
from culture_cloud.media.originals import Kept
from culture_cloud.media.sniffing import Family
from tests.client import Browser
from tests.factories import make_node, make_staff
from tests.heritage.makers import jpeg, make_item
from tests.signing_in import sign_in


def sent(size: tuple[int, int]) -> Kept:
    """A picture that came with a form just now."""
    kept = serving.store().keep(
        io.BytesIO(jpeg(size)), wanted=(Family.PICTURE,), most_bytes=1 << 20
    )
    with db.transaction() as session:
        services.record(session, kept, with_form=True)
    return kept


def is_there(kept: Kept) -> bool:
    try:
        serving.store().path(kept.checksum)
    except NotFound:
        return False
    return True


def number_of(kept: Kept) -> int:
    found = db.session().scalar(
        select(MediaOriginal.id).where(MediaOriginal.checksum == kept.checksum)
    )
    assert found is not None
    return found


def test_what_nobody_took_goes_after_a_week_and_all_else_stays(app_context: Flask) -> None:
    forgotten, used, listed, again = (sent((40 + n, 30)) for n in range(4))
    with db.transaction() as session:
        node = make_node(session)
        picture = MediaFacts(original_id=number_of(used), family="picture", alt="船")
        item = make_item(session, node=node, media=[picture])
        # taken away from the item later: an older version of it still shows the file
        session.delete(item.media[0])
        session.add(
            HeritageImport(
                key="k" * 20,
                node_id=node.id,
                files={"a.jpg": [number_of(listed), "picture"]},
                created_at=clock.now(),
            )
        )
    old = (clock.now() - timedelta(days=9)).timestamp()
    for kept in (forgotten, used, listed, again):
        os.utime(serving.store().path(kept.checksum), (old, old))
    broken = serving.store().folder / "cut.part"
    broken.write_bytes(b"x")
    os.utime(broken, (old, old))
    with clock.frozen(clock.now() + loose.KEPT_FOR - timedelta(hours=1)):
        loose.forget_loose()
        assert all(is_there(kept) for kept in (forgotten, used, listed, again))
        with db.transaction() as session:
            services.record(session, again, with_form=True)
    assert not broken.exists()
    with clock.frozen(clock.now() + loose.KEPT_FOR + timedelta(hours=1)):
        loose.forget_loose()
        assert not is_there(forgotten)
        assert all(is_there(kept) for kept in (used, listed, again))
        import_jobs.forget_lists()
        loose.forget_loose()
        assert not is_there(listed)
    assert is_there(used)


def test_staff_see_what_lies_there_and_make_a_draft_of_it(
    client: Browser, session: Session
) -> None:
    hall = make_node(session)
    account = make_staff(session, node=hall, role=Role.MAIN_HALL_MANAGER)
    session.commit()
    sign_in(client, account)
    original_id = number_of(sent((60, 40)))
    page = client.get("/desk/heritage/originals")
    assert "JPG · 0.0 MB" in page.main
    assert client.flask.get(page.link("JPG"), buffered=True).data[:3] == b"\xff\xd8\xff"
    form = client.submit(page, form="/draft")
    assert "照片" in form.main
    assert "JPG ·" not in client.get("/desk/heritage/originals").main
    assert session.scalar(select(HeritageItem.uid)) == f"loose-{original_id}"
    gone = client.flask.get(f"/desk/heritage/originals/{original_id}/file")
    assert gone.status_code == 404


def test_nobody_else_sees_them(client: Browser, session: Session) -> None:
    hall = make_node(session)
    clerk = make_staff(session, node=hall, role=Role.SERVICE_POINT_CLERK)
    session.commit()
    path = f"/desk/heritage/originals/{number_of(sent((60, 40)))}/file"
    assert client.flask.get(path).status_code in {302, 303}
    sign_in(client, clerk)
    assert client.flask.get(path).status_code == 403
