"""What is not for everybody is nowhere: no page, file, tile, manifest, record or hit of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from flask import Flask
from sqlalchemy.orm import Session

from culture_cloud.access.permissions import Role
from culture_cloud.heritage import services
from culture_cloud.heritage.exhibitions import services as exhibitions
from culture_cloud.heritage.exhibitions.blocks import Block
from culture_cloud.heritage.facts import AgentFacts
from culture_cloud.heritage.models import HeritageGroup, HeritageItem
from culture_cloud.network.models import Node
from tests.client import Browser
from tests.factories import make_account, make_network, make_node, make_staff
from tests.signing_in import sign_in

from .makers import make_item, png, stored, wav

SAID = "芒果树下的话"


def whole(session: Session, node: Node, title: str, **more: Any) -> HeritageItem:
    """A recording with a picture, sentences, a person, a date: it would stand on every page."""
    picture = stored(session, png((1700, 900)), alt=f"{title}的图")
    sound = stored(
        session,
        wav(),
        transcript=f"{SAID}{title}",
        translation=f"{SAID}{title}",
        transcript_language="hni",
        cues=[[0, 1, f"{SAID}{title}"]],
    )
    return make_item(
        session,
        node=node,
        kind="recording",
        title=title,
        extra={"speech": "hani"},
        agents=[AgentFacts(name=f"{title}人", role="narrator")],
        media=[picture, sound],
        **more,
    )


def addresses(item: HeritageItem) -> Iterator[str]:
    """Everything that is given out of one item."""
    picture, sound = item.media
    yield from (f"/heritage/{item.id}{part}" for part in ("", "/view", ".jsonld"))
    yield f"/iiif/presentation/3/{item.id}/manifest.json"
    yield f"/iiif/search/2/{item.id}?q={quote(SAID)}"
    yield from files(item.id, picture.id, sound.id)


def files(item_id: int, picture: int, sound: int) -> Iterator[str]:
    for name in ("240.webp", "240.jpg", "original"):
        yield f"/heritage/media/{picture}/{name}"
    for version in (2, 3):
        yield f"/iiif/image/{version}/{picture}/info.json"
        yield f"/iiif/image/{version}/{picture}/0,0,512,512/512,/0/default.jpg"
        yield f"/iiif/image/{version}/{picture}/full/200,/90/gray.png"
    for name in ("play", "original", "captions.vtt"):
        yield f"/heritage/media/{sound}/{name}"
    yield f"/iiif/presentation/3/{item_id}/transcript/{sound}.json"


def everywhere(node: Node) -> tuple[str, ...]:
    """The pages and lists on which a public item stands."""
    return (
        *("/heritage", "/heritage/items", "/heritage/items?order=date", "/heritage/time"),
        *("/heritage/people", f"/heritage/places/{node.code}", f"/nodes/{node.code}"),
        *("/heritage/collections/c", "/iiif/presentation/3/collections/c.json"),
        *(
            "/oai?verb=ListRecords&metadataPrefix=oai_dc",
            "/oai?verb=ListRecords&metadataPrefix=qdc",
        ),
        f"/search?q={quote(SAID)}",
    )


def status(app: Flask, path: str) -> int:
    return app.test_client().get(path, buffered=True).status_code


def test_what_is_not_public_is_nowhere(app: Flask, session: Session, run_jobs: Any) -> None:
    make_network(session)
    node = make_node(session)
    group = HeritageGroup(node_id=node.id, name="祭司")
    session.add(group)
    session.flush()
    public = whole(session, node, "木船")
    hidden = [
        whole(session, node, "草稿甲", published=False),
        whole(session, node, "送审乙", published=False),
        whole(session, node, "家谱丙", visibility="signed_in"),
        whole(session, node, "地契丁", visibility="on_site"),
        whole(session, node, "祭词戊", visibility="group", group_id=group.id),
        whole(session, node, "撤下己"),
    ]
    services.submit(session, hidden[1].id, by_account_id=None)
    every = [public.id, *(item.id for item in hidden)]
    blocks = [Block("items", "", items=tuple(every)), Block("recording", "", items=tuple(every))]
    made = exhibitions.create(session, code="c", node_id=node.id, title="看", blocks=blocks)
    exhibitions.publish(session, made.id, by_account_id=None)
    services.withdraw(session, hidden[5].id, "家属要求", by_account_id=None)
    session.commit()
    run_jobs()
    for path in addresses(public):
        answer = app.test_client().get(path, buffered=True)
        assert answer.status_code == 200, path
        # but for pages, viewers of other sites may use it
        is_page = path.endswith((f"/{public.id}", "/view"))
        assert is_page or answer.headers.get("Access-Control-Allow-Origin") == "*", path
    for item in hidden:
        for path in addresses(item):
            assert status(app, path) in {404, 410}, f"{item.title}: {path}"
    for path in everywhere(node):
        shown = app.test_client().get(path).get_data(as_text=True)
        assert "木船" in shown or path == "/heritage/people", path
        for item in hidden:
            assert item.title not in shown, f"{item.title} on {path}"
    listed = app.test_client().get("/sitemap.xml").get_data(as_text=True)
    assert f"/heritage/{public.id}<" in listed
    for item in hidden:
        assert f"/heritage/{item.id}<" not in listed
        record = (
            f"/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:localhost:heritage/{item.id}"
        )
        assert item.title not in app.test_client().get(record).get_data(as_text=True)
        found = app.test_client().get(f"/search?q={quote(item.title)}").get_data(as_text=True)
        assert f'href="/heritage/{item.id}"' not in found
        offered = app.test_client().get(f"/search/suggestions?q={quote(item.title)}")
        assert f"/heritage/{item.id}" not in offered.get_data(as_text=True)


def test_a_part_that_is_withheld_is_nowhere(
    client: Browser, app: Flask, session: Session, run_jobs: Any
) -> None:
    node = make_node(session)
    resident = make_account(session)
    item = whole(session, node, "葬歌")
    for media in item.media:
        media.visibility, media.withheld_reason = "signed_in", "家里人的话，登录才能听。"
    item.restricted_text, item.restricted_reason = "不外传的唱词", "只给唱的人看。"
    item.restricted_to = "signed_in"
    session.commit()
    run_jobs()
    page = client.get(f"/heritage/{item.id}").main
    assert "登录才能听" in page
    assert "只给唱的人看" in page
    paths = tuple(files(item.id, *(media.id for media in item.media)))
    for path in paths:
        assert status(app, path) == 404, path
    told = [
        f"/heritage/{item.id}",
        f"/heritage/{item.id}.jsonld",
        f"/iiif/search/2/{item.id}?q=葬歌",
    ]
    told += [f"/iiif/presentation/3/{item.id}/manifest.json", *everywhere(node)[-3:]]
    for path in told:
        page = app.test_client().get(path).get_data(as_text=True)
        for secret in (
            SAID if "search?" not in path else "葬歌的图",
            "不外传的唱词",
            "/play",
            "240.webp",
        ):
            assert secret not in page, f"{secret} on {path}"
    sign_in(client, resident)
    for path in paths:
        answer = client.flask.get(path, buffered=True)
        assert answer.status_code == 200, path
        assert "public" not in answer.headers.get("Cache-Control", ""), path
        of_media = path.startswith("/heritage/media/")
        assert not (of_media and "Access-Control-Allow-Origin" in answer.headers), path
    assert "不外传的唱词" in client.get(f"/heritage/{item.id}").main


def test_staff_of_another_branch_see_no_more_than_residents(
    client: Browser, session: Session, run_jobs: Any
) -> None:
    hall = make_node(session)
    here, elsewhere = make_node(session, parent=hall), make_node(session, parent=hall)
    editor = make_staff(session, node=elsewhere, role=Role.BRANCH_EDITOR)
    item = whole(session, here, "别家的稿", published=False)
    session.commit()
    run_jobs()
    sign_in(client, editor)
    picture = item.media[0].id
    steps = ("", "/edit", "/preview", "/versions", "/questions", "/delete")
    for path in (*(f"/{item.id}{step}" for step in steps), f"/media/{picture}/original"):
        assert client.flask.get(f"/desk/heritage{path}").status_code in {403, 404}, path
    assert "别家的稿" not in client.get("/desk/heritage").main


def test_no_data_names_a_relation_that_the_reader_may_not_see(app: Flask, session: Session) -> None:
    make_network(session)
    shown = make_item(session, title="渡口")
    hidden = make_item(session, node=shown.node, title="家谱", visibility="signed_in")
    item = make_item(
        session, node=shown.node, relations=[("see_also", shown.id), ("see_also", hidden.id)]
    )
    session.commit()
    for path in (
        *(f"/heritage/{item.id}", f"/heritage/{item.id}.jsonld"),
        *(f"/oai?verb=ListRecords&metadataPrefix={form}" for form in ("oai_dc", "qdc")),
    ):
        told = app.test_client().get(path).get_data(as_text=True)
        assert re.search(rf"/heritage/{shown.id}\b", told), path
        assert not re.search(rf"/heritage/{hidden.id}\b", told), path
