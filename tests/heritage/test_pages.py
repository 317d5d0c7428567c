"""Public pages of heritage: what is shown, to whom, in both modes and without scripts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from culture_cloud.config import Config
from culture_cloud.heritage import browse_views, services
from culture_cloud.heritage.exhibitions import services as exhibitions
from culture_cloud.heritage.exhibitions.blocks import Block
from culture_cloud.heritage.facts import AgentFacts, facts_of
from culture_cloud.heritage.models import GroupMember, HeritageGroup
from tests.client import Browser
from tests.factories import make_account, make_network, make_node
from tests.signing_in import sign_in

from .makers import jpeg, make_item, png, stored, wav


def test_every_page_opens_in_both_modes(any_mode: Browser, session: Session, run_jobs: Any) -> None:
    make_network(session)
    node = make_node(session, parent=make_node(session), latitude=23.3, longitude=101.7)
    picture = stored(session, png((1800, 1000)))
    person = make_item(
        session, node=node, kind="person", title="王家祥", extra={"known_for": "拍照"}
    )
    item = make_item(
        session,
        node=node,
        media=[picture],
        latitude=23.3,
        longitude=101.7,
        agents=[AgentFacts(name="王家祥", role="photographer", person_id=person.id)],
        relations=[("see_also", person.id)],
    )
    song = make_item(
        session,
        node=node,
        kind="recording",
        title="赶马调",
        extra={"speech": "hani"},
        media=[
            stored(session, wav(), transcript="原话。", translation="译文。", cues=[[0, 3, "一句"]])
        ],
    )
    show = exhibitions.create(
        session,
        code="old-ferry",
        node_id=node.id,
        title="渡口百年",
        summary="一条江，一条船。",
        is_exhibition=True,
        blocks=[
            Block("heading", "船"),
            Block("text", "从前过江靠船。\n\n后来有了桥。"),
            Block("quote", "江水大的时候，狗都不敢过。", "杨桂珍"),
            Block("picture", "船", items=(item.id,)),
            Block("recording", "", items=(song.id,)),
            Block("items", "", items=(person.id,)),
        ],
    )
    exhibitions.publish(session, show.id, by_account_id=None)
    session.commit()
    run_jobs()
    page = any_mode.get("/heritage")
    assert "渡口百年" in page.main
    listed = any_mode.get("/heritage/items?kind=photograph&period=building")
    assert "老渡口的木船" in listed.main
    assert "赶马调" not in listed.main
    assert "没有找到" in any_mode.get("/heritage/items?kind=object").main
    map_ = any_mode.get("/heritage/places")
    assert "3条" in map_.main
    village = any_mode.get(f"/heritage/places/{node.code}")
    for told in ("老渡口的木船", "赶马调", "约1965年", "王家祥", "渡口百年"):
        assert told in village.main
    assert "约1965年" in any_mode.get("/heritage/time").main
    assert "王家祥" in any_mode.get("/heritage/people").main
    shown = any_mode.get(f"/heritage/{item.id}")
    assert "注明出处就可以用" in shown.main
    assert shown.all("meta", name="DC.title")[0].get("content") == "老渡口的木船"
    assert "老渡口的木船" in any_mode.get(f"/heritage/{person.id}").main
    heard = any_mode.get(f"/heritage/{song.id}")
    assert "一句" in heard.main
    assert "译文。" in heard.main
    seen = any_mode.get("/heritage/collections/old-ferry")
    assert "狗都不敢过" in seen.main
    near = any_mode.get(f"/heritage/{item.id}/view")
    closer = any_mode.get(near.link("放大"))
    assert closer.all("img")[0].get("src", "").split("/")[5] == "450,250,900,500"
    assert "老渡口的木船" in any_mode.get(f"/nodes/{node.code}").main


def test_the_category_narrows_and_is_counted(client: Browser, session: Session) -> None:
    element = {"level": "county", "category": "VIII"}
    made = make_item(session, kind="ich_element", title="棕扇舞", extra=element)
    make_item(session, kind="ich_element", title="彝族民歌", extra={**element, "category": "II"})
    session.commit()
    crafts = client.get("/heritage/items?category=VIII")
    assert "棕扇舞" in crafts.main
    assert "彝族民歌" not in crafts.main
    changed = replace(facts_of(made), extra={**element, "category": "III"})
    services.change(session, made.id, changed, by_account_id=None)
    session.commit()
    assert "棕扇舞" not in client.get("/heritage/items?category=VIII").main
    assert "棕扇舞" in client.get("/heritage/items?category=III").main


def test_old_and_long_lists_go_on(
    client: Browser, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browse_views, "OF_EACH_PERIOD", 1)
    monkeypatch.setattr(browse_views, "PEOPLE_ON_A_PAGE", 1)
    node = make_node(session)
    for name in ("王家祥", "杨桂珍"):
        told = [AgentFacts(name=name, role="narrator")]
        make_item(session, node=node, title=f"{name}讲的", agents=told)
    make_item(session, node=node, title="清代的碑", date_text="清光绪年间")
    session.commit()
    through_time = client.get("/heritage/time")
    assert "清代的碑" in through_time.main
    assert "王家祥讲的" in through_time.main
    assert "杨桂珍讲的" not in through_time.main
    every = client.get(through_time.link("全部：2条"))
    assert "杨桂珍讲的" in every.main
    assert "清代的碑" not in every.main
    first = client.get("/heritage/people")
    second = client.get(first.link("再看一些"))
    assert ("王家祥" in first.main) != ("王家祥" in second.main)
    assert client.get("/heritage/places/nowhere", status=404)


def test_words_are_looked_for_by_the_search_of_the_site(client: Browser, session: Session) -> None:
    item = make_item(session)
    made = exhibitions.create(session, code="f", node_id=item.node_id, title="船", items=[item.id])
    exhibitions.publish(session, made.id, by_account_id=None)
    session.commit()
    answer = client.flask.get("/heritage/items?q=木船")
    assert answer.location == "/search?q=%E6%9C%A8%E8%88%B9&kind=heritage_item"
    box = client.get("/heritage/collections/f").all("input", name="in")
    assert [one.get("value") for one in box] == [f"collection:{made.id}"]


def test_what_is_not_for_everybody_is_not_there(client: Browser, session: Session) -> None:
    node = make_node(session)
    account = make_account(session)
    group = HeritageGroup(node_id=node.id, name="摩批传人")
    session.add(group)
    session.flush()
    hidden = make_item(session, node=node, title="祭词", visibility="group", group_id=group.id)
    signed = make_item(session, node=node, title="家谱", visibility="signed_in")
    hall = make_item(session, node=node, title="地契", visibility="on_site")
    draft = make_item(session, node=node, title="草稿", published=False)
    session.commit()
    for item in (hidden, signed, hall, draft):
        for path in ("", "/view", ".jsonld"):
            client.get(f"/heritage/{item.id}{path}", status=404)
        client.get(f"/iiif/presentation/3/{item.id}/manifest.json", status=404)
        assert item.title not in client.get("/heritage/items").main
    sign_in(client, account)
    assert client.get(f"/heritage/{signed.id}").heading == "家谱"
    client.get(f"/heritage/{hidden.id}", status=404)
    session.add(GroupMember(group_id=group.id, account_id=account.id))
    session.commit()
    assert client.get(f"/heritage/{hidden.id}").heading == "祭词"
    client.get(f"/heritage/{hall.id}", status=404)


def test_in_a_hall_one_sees_what_only_halls_show(config: Config, session: Session) -> None:
    from culture_cloud import create_app

    item = make_item(session, visibility="on_site")
    session.commit()
    for network, status in (("127.0.0.0/8", 200), ("10.1.0.0/16", 404)):
        app = create_app(replace(config, on_site_networks=(network,)))
        for _again in range(2):
            assert app.test_client().get(f"/heritage/{item.id}").status_code == status
        app.extensions["database"].dispose()


def test_what_is_withheld_says_why(client: Browser, session: Session, run_jobs: Any) -> None:
    secret = stored(
        session, jpeg(), title="神山照片", visibility="signed_in", withheld_reason="村里定的规矩"
    )
    item = make_item(
        session,
        media=[secret],
        restricted_text="埋在哪里不能说",
        restricted_to="signed_in",
        restricted_reason="寨老不许外传",
    )
    session.commit()
    run_jobs()
    page = client.get(f"/heritage/{item.id}")
    assert "村里定的规矩" in page.main
    assert "寨老不许外传" in page.main
    assert "埋在哪里" not in page.text
    media_id = item.media[0].id
    for path in ("960.webp", "480.jpg", "original"):
        client.get(f"/heritage/media/{media_id}/{path}", status=404)
    client.get(f"/iiif/image/3/{media_id}/info.json", status=404)
    client.get(f"/iiif/image/3/{media_id}/full/max/0/default.jpg", status=404)
    account = make_account(session)
    session.commit()
    sign_in(client, account)
    assert "埋在哪里" in client.get(f"/heritage/{item.id}").text


def test_what_was_withdrawn_says_so(client: Browser, session: Session) -> None:
    item = make_item(session)
    services.withdraw(session, item.id, "家属要求", by_account_id=None)
    session.commit()
    assert "不再展示" in client.get(f"/heritage/{item.id}", status=410).heading


def test_originals_go_out_only_where_rights_allow(
    app: Flask, session: Session, run_jobs: Any
) -> None:
    free = make_item(session, media=[stored(session, jpeg())])
    kept = make_item(session, rights="in-copyright", media=[stored(session, jpeg((350, 250)))])
    session.commit()
    run_jobs()
    browser = app.test_client()
    taken = browser.get(f"/heritage/media/{free.media[0].id}/original", buffered=True)
    assert taken.status_code == 200
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert browser.get(f"/heritage/media/{kept.media[0].id}/original").status_code == 404


def test_odd_addresses_never_break_a_page(client: Browser, session: Session) -> None:
    item = make_item(session)
    session.commit()
    for query in (
        "kind=x&period=y&category=z&node=none&collection=none&page=abc",
        "page=99999999999999999999",
        "q=%00%ff('\"<script>" + "长" * 400,
        "order=up&person=%F0%9F%8E%8B",
    ):
        client.get(f"/heritage/items?{query}")
    client.get(f"/heritage/{item.id}/view?n=-1&z=9999&x=-5&y=x", status=404)
    client.get("/heritage/999999999", status=404)
    client.get("/heritage/collections/nothing", status=404)
