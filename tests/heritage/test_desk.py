"""The desk: from the village up, versions, lists with files, what residents bring, exhibitions."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.access.permissions import Role
from culture_cloud.accounts.models import Account
from culture_cloud.heritage.models import Collection, Contribution, HeritageItem
from culture_cloud.network.models import Node
from tests.client import Browser
from tests.factories import make_network, make_node, make_staff
from tests.signing_in import sign_in

from .makers import jpeg, make_item, stored


@pytest.fixture
def hall(session: Session) -> Node:
    make_network(session)
    return make_node(session)


@pytest.fixture
def branch(session: Session, hall: Node) -> Node:
    return make_node(session, parent=hall)


@pytest.fixture
def village(session: Session, branch: Node) -> Node:
    return make_node(session, parent=branch, level_code="service_point")


def staff(session: Session, node: Node, role: Role) -> Account:
    account = make_staff(session, node=node, role=role)
    session.commit()
    return account


def become(client: Browser, account: Account) -> None:
    """Sign in as somebody, whoever was signed in before."""
    client.flask.delete_cookie(client.app.config["SIGN_IN_COOKIE_NAME"], domain="localhost")
    sign_in(client, account)


def fresh(session: Session) -> None:
    """See what was written meanwhile, and hold nothing that others wait for."""
    session.rollback()
    session.expire_all()


def photo(name: str = "老渡口.jpg") -> tuple[io.BytesIO, str]:
    return io.BytesIO(jpeg()), name


def test_a_clerk_enters_the_branch_reviews_the_main_hall_publishes(
    any_mode: Browser, session: Session, hall: Node, branch: Node, village: Node, run_jobs: Any
) -> None:
    client = any_mode
    become(client, staff(session, village, Role.SERVICE_POINT_CLERK))
    page = client.get("/desk/heritage/new")
    page = client.submit(page, {"files": photo(), "alt": "一条木船。"}, form="alt")
    assert "五个问题" in page.heading
    page = client.submit(page, {"title": "老渡口", "kind": "photograph"}, form="who")
    assert "简明说明" in page.main, "what is missing is said"
    page = client.get(page.link("五个问题"))
    page = client.submit(page, {"summary": "渡工撑船送人过江。", "who": "王家祥"}, form="who")
    page = client.submit(page, form="submit")
    assert "分馆审看中" in page.main
    number = page.url.rsplit("/", 1)[-1]
    client.get(f"/desk/heritage/{number}/edit", status=403)
    client.post(f"/desk/heritage/{number}/publish", {}, status=None)
    become(client, staff(session, branch, Role.BRANCH_EDITOR))
    page = client.get(f"/desk/heritage/{number}")
    page = client.submit(page, form="review")
    assert "总馆审看中" in page.main
    become(client, staff(session, hall, Role.MAIN_HALL_MANAGER))
    run_jobs()
    page = client.get(f"/desk/heritage/{number}/preview")
    assert "老渡口" in page.heading
    page = client.submit(client.get(f"/desk/heritage/{number}"), form="publish")
    assert "已经发布" in page.main
    shown = client.get(f"/heritage/{number}")
    assert shown.all("img", alt="一条木船。")


def test_another_village_is_not_there(client: Browser, session: Session, village: Node) -> None:
    foreign = make_item(session, media=[stored(session, jpeg())])
    become(client, staff(session, village, Role.SERVICE_POINT_CLERK))
    for path in ("", "/edit", "/questions", "/versions", "/preview", "/delete"):
        client.get(f"/desk/heritage/{foreign.id}{path}", status=404)
    media_id = foreign.media[0].id
    client.get(f"/desk/heritage/media/{media_id}/original", status=404)
    client.get(f"/desk/heritage/media/{media_id}/picture.jpg", status=404)


def test_the_whole_form_keeps_words_and_files_and_shows_versions(
    client: Browser, session: Session, hall: Node
) -> None:
    item = make_item(
        session, node=hall, kind="ich_element", extra={"category": "VIII", "level": "county"}
    )
    become(client, staff(session, hall, Role.MAIN_HALL_MANAGER))
    page = client.get(f"/desk/heritage/{item.id}/edit")
    wrong = client.submit(
        page,
        {"summary": "长" * 151, "files": photo("新.jpg"), "point": "x"},
        form="title",
        status=422,
    )
    assert wrong.form("title").values["media-0-filename"] == "新.jpg"
    assert "长" * 151 in wrong.text
    saved = client.submit(
        wrong,
        {
            "summary": "改过的说明",
            "point": "23.35, 101.74",
            "media-0-alt": "照片",
            "x_listed_year": "2009",
            "agents-0-name": "岩温",
            "agents-0-role": "bearer",
        },
        form="title",
    )
    assert "2009" in saved.main
    assert "岩温" in saved.main
    versions = client.get(f"/desk/heritage/{item.id}/versions")
    assert "改过的说明" in versions.main
    assert "2版" in versions.main
    client.submit(versions, form="versions/1")
    assert "改过的说明" not in client.get(f"/desk/heritage/{item.id}").main


def test_two_people_at_one_form_lose_nothing(client: Browser, session: Session, hall: Node) -> None:
    item = make_item(session, node=hall, published=False)
    become(client, staff(session, hall, Role.MAIN_HALL_MANAGER))
    mine = client.get(f"/desk/heritage/{item.id}/edit")
    theirs = client.get(f"/desk/heritage/{item.id}/edit")
    client.submit(theirs, {"title": "别人的名字"}, form="title")
    clash = client.submit(mine, {"title": "我的名字"}, form="title", status=409)
    assert "别人的" in clash.main
    assert clash.form("title").values["title"] == "我的名字"
    assert "我的名字" in client.submit(clash, form="title").heading


def table(*rows: dict[str, Any]) -> tuple[io.BytesIO, str]:
    book = Workbook()
    sheet: Any = book.active
    headings = list(dict.fromkeys(name for row in rows for name in row))
    sheet.append(headings)
    for row in rows:
        sheet.append([row.get(name) for name in headings])
    buffer = io.BytesIO()
    book.save(buffer)
    buffer.seek(0)
    return buffer, "清单.xlsx"


def test_a_list_with_files_is_looked_at_then_imported(
    client: Browser, session: Session, hall: Node, village: Node
) -> None:
    become(client, staff(session, hall, Role.MAIN_HALL_MANAGER))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("照片/渡口.jpg", jpeg())
        archive.writestr("../../坏.svg", "<svg/>")
    packed.seek(0)
    rows = (
        {"编号": "a-1", "类别": "照片", "名称": "渡口", "时间": "民国二十三年",
         "地点": village.name, "相关人": "拍摄者：王家祥；邻居：谁", "文件": "渡口.jpg；没有.jpg",
         "图片说明": "一条船"},
        {"编号": "a-2", "类别": "不知道", "名称": "怪"},
        {"编号": "a-3", "类别": "非遗项目", "名称": "土锅",
         "非遗项目：国家名录门类": "传统技艺", "非遗项目：列入级别": "县级"},
    )  # fmt: skip
    page = client.get("/desk/heritage/import")
    page = client.submit(page, {"table": table(*rows), "files": (packed, "照片.zip")}, form="table")
    for words in ("没有这个类别：不知道", "没有一起传来：没有.jpg", "邻居", "坏.svg"):
        assert words in page.main
    assert session.scalar(select(HeritageItem.id)) is None
    fresh(session)
    done = client.submit(page, form="import/")
    assert "已" in done.main or done.heading
    fresh(session)
    items = {item.uid: item for item in session.scalars(select(HeritageItem))}
    assert set(items) == {"a-1", "a-3"}
    first = items["a-1"]
    assert (first.state, first.date_edtf, first.place_node_id) == ("draft", "1934", village.id)
    assert [m.alt for m in first.media] == ["一条船"]
    assert items["a-3"].extra == {"category": "VIII", "level": "county"}


def test_what_is_exported_is_imported_as_it_was(
    client: Browser, session: Session, hall: Node
) -> None:
    make_item(session, node=hall, kind="object", extra={"material": "=铁", "size": "高32厘米"})
    make_item(session, node=hall, title="+1 号船", subjects=["船", "江"])
    become(client, staff(session, hall, Role.MAIN_HALL_MANAGER))
    answer = client.flask.get("/desk/heritage/export.xlsx")
    sheet: Any = load_workbook(io.BytesIO(answer.data)).active
    assert sheet.max_row == 3
    assert client.flask.get("/desk/heritage/export.csv").data.startswith(b"\xef\xbb\xbf")
    graph = json.loads(client.flask.get("/desk/heritage/export.jsonld").data)["@graph"]
    assert len(graph) == 2
    page = client.get("/desk/heritage/import")
    again = (io.BytesIO(answer.data), "heritage.xlsx")
    page = client.submit(page, {"table": again}, form="table")
    assert "没有可导入的" in page.main


@pytest.mark.parametrize("kind", ["photograph", "memory"])
def test_a_resident_brings_something_and_sees_what_became_of_it(
    client: Browser, session: Session, hall: Node, village: Node, kind: str
) -> None:
    session.commit()
    page = client.get("/heritage/give")
    given = {
        "kind": kind,
        "title": "旧船",
        "text": "我爷爷撑的船。",
        "when_text": "约1950年",
        "node": village.code,
        "name": "杨桂珍",
        "consent": "y",
        "may_name": "y",
    }
    files = {"file": photo()} if kind == "photograph" else {}
    missing = client.submit(page, {**given, **files, "name": ""}, form="kept", status=422)
    assert "旧船" in missing.text
    taken = client.submit(missing, {"name": "杨桂珍"}, form="kept")
    assert "收到" in taken.heading
    gift = session.scalars(select(Contribution)).one()
    key, original_id = gift.key, gift.original_id
    fresh(session)
    assert (original_id is not None) == (kind == "photograph")
    become(client, staff(session, hall, Role.MAIN_HALL_MANAGER))
    page = client.get(client.get("/desk/heritage/gifts").link("旧船"))
    page = client.submit(page, {"answer": "谢谢！"}, form="answer", button=("deed", "accept"))
    fresh(session)
    item = session.scalars(select(HeritageItem)).one()
    assert (item.title, item.date_edtf) == ("旧船", "1950~")
    assert [a.name for a in item.agents] == ["杨桂珍"]
    assert len(item.media) == (1 if kind == "photograph" else 0)
    fresh(session)
    assert "谢谢！" in client.get(f"/heritage/give/{key}").main


def test_without_consent_nothing_is_kept(client: Browser, session: Session, hall: Node) -> None:
    session.commit()
    page = client.get("/heritage/give")
    typed = {"kind": "memory", "title": "甲", "text": "乙", "node": hall.code, "name": "丙"}
    page = client.submit(page, typed, form="kept", status=422)
    assert "没有您的同意" in page.main
    assert session.scalar(select(Contribution.id)) is None


def test_a_correction_is_declined_with_a_reason(
    client: Browser, session: Session, hall: Node
) -> None:
    item = make_item(session, node=hall)
    session.commit()
    page = client.get(client.get(f"/heritage/{item.id}").link("有错或有缺"))
    typed = {"text": "不是1965年。", "name": "李大爷", "consent": "y"}
    taken = client.submit(page, typed, form="kept")
    become(client, staff(session, hall, Role.MAIN_HALL_MANAGER))
    page = client.get(client.get("/desk/heritage/gifts").link("老渡口"))
    empty = client.submit(page, form="answer", button=("deed", "decline"), status=422)
    assert "为什么不收" in empty.main
    client.submit(
        empty, {"answer": "照片背面写着1965。"}, form="answer", button=("deed", "decline")
    )
    assert "照片背面写着1965" in client.get(taken.url).main


def test_an_exhibition_is_made_block_by_block(
    client: Browser, session: Session, hall: Node
) -> None:
    item_id = make_item(session, node=hall).id
    become(client, staff(session, hall, Role.MAIN_HALL_MANAGER))
    page = client.get("/desk/heritage/collections/new")
    page = client.submit(
        page,
        {"title": "渡口百年", "summary": "一条江", "code": "old-ferry", "is_exhibition": "y"},
        form="code",
    )
    found = session.scalars(select(Collection)).one()
    base = f"/desk/heritage/collections/{found.id}"
    fresh(session)
    for kind, typed in (
        ("heading", {"text": "第一节"}),
        ("text", {"text": "从前。"}),
        ("picture", {"items": str(item_id)}),
    ):
        form = client.get(f"{base}/blocks/new")
        page = client.submit(form, {"kind": kind, **typed}, form="by")
    wrong = client.submit(
        client.get(f"{base}/blocks/new"), {"kind": "items", "items": "999"}, form="by", status=422
    )
    assert "999" in wrong.main
    client.submit(page, form="blocks/1/move", button=None)
    fresh(session)
    assert [b["kind"] for b in found.blocks] == ["text", "heading", "picture"]
    fresh(session)
    assert "第一节" in client.get(f"{base}/preview").main
    client.get("/heritage/collections/old-ferry", status=404)
    client.submit(client.get(base), form="publish")
    assert client.get("/heritage/collections/old-ferry").heading == "渡口百年"
    client.submit(client.get(base), form="withdraw")
    client.get("/heritage/collections/old-ferry", status=410)


def test_a_group_is_filled_and_emptied(client: Browser, session: Session, hall: Node) -> None:
    manager = staff(session, hall, Role.MAIN_HALL_MANAGER)
    become(client, manager)
    page = client.get("/desk/heritage/groups")
    page = client.submit(page, {"name": "摩批传人", "about": "主持仪式的人"}, form="about")
    unknown = client.submit(page, {"login": "19999999999"}, form="login", status=422)
    assert "没有这个" in unknown.main
    page = client.submit(unknown, {"login": manager.phone}, form="login")
    assert manager.name in page.main
    page = client.submit(page, form="out")
    assert "还没有人" in page.main
    assert client.get("/desk/heritage/originals").heading
    assert client.get("/desk/heritage/export").heading
