"""The network from files: what is read, what is refused, what a second time changes."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.jobs.models import Job
from culture_cloud.network import services
from culture_cloud.network.importing import ImportRefused, Plan, read_file
from culture_cloud.network.models import Level, Network, Node
from tests import factories

DIVISIONS = {
    "code": "530428",
    "name": "元江哈尼族彝族傣族自治县",
    "city": "玉溪市",
    "province": "云南省",
    "townships": [
        {
            "code": "530428001",
            "name": "红河街道",
            "villages": [
                {"code": "530428001001", "name": "红河社区居民委员会"},
                {"code": "530428001002", "name": "南昏村民委员会"},
            ],
        },
        {"code": "530428002", "name": "因远镇", "villages": []},
    ],
}

NETWORK: dict[str, Any] = {
    "network": {"region_code": "539901", "name": "木棉渡县", "site_name": "木棉渡文化云"},
    "levels": [
        {"code": "main", "name": "总馆", "plate_rule": "{county}{name}"},
        {"code": "branch", "name": "分馆", "plate_rule": "{main}{name}分馆"},
        {"code": "point", "name": "支馆", "plate_rule": "{parent}{name}综合文化支馆"},
    ],
    "nodes": [
        {
            "code": "WHG",
            "name": "文化馆",
            "level": "main",
            "lines": ["culture_hall"],
            "phone": "0877-5550101",
            "hours": "周二至周日 9:00-12:00, 14:00-17:30",
            "closings": [{"from": "2026-10-01", "to": "2026-10-07", "reason": "国庆放假"}],
            "access": ["ramp", "toilet"],
            "latitude": 23.35,
            "longitude": 101.75,
            "children": [
                {
                    "code": "B1",
                    "name": "渡口街道",
                    "lines": ["culture_hall", "library"],
                    "children": [{"code": "P1", "name": "老渡口社区"}],
                }
            ],
        },
        {"code": "TSG", "name": "图书馆", "level": "main", "lines": ["library"]},
        {"code": "P2", "name": "江边社区", "level": "支馆", "parent": "B2"},
        {"code": "B2", "name": "江边镇", "level": "branch", "parent": "WHG"},
    ],
}


def encoded(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def bring_in(session: Session, content: Any, **options: Any) -> Plan:
    data = content if isinstance(content, bytes) else encoded(content)
    planned = services.import_network(session, read_file(data, **options))
    session.commit()
    return planned


def refusals(session: Session, content: Any) -> list[str]:
    with pytest.raises(ImportRefused) as refused:
        bring_in(session, content)
    session.rollback()
    return [f"{fault.row or ''} {fault.reason}".strip() for fault in refused.value.faults]


def node(session: Session, code: str) -> Node:
    return session.scalars(select(Node).where(Node.code == code)).one()


def plates(session: Session) -> dict[str, str]:
    return {n.code: n.plate_name for n in session.scalars(select(Node))}


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def nodes(*items: dict[str, Any]) -> dict[str, Any]:
    top = {"code": "A", "name": "文化馆", "level": "main", "lines": ["culture_hall", "library"]}
    return {"nodes": [top, *items]}


# --- divisions -----------------------------------------------------------------------------------


def test_divisions_become_two_halls_branches_and_service_points(session: Session) -> None:
    planned = bring_in(session, DIVISIONS)
    assert len(planned.created) == 6
    assert plates(session) == {
        "530428-WHG": "元江县文化馆",
        "530428-TSG": "元江县图书馆",
        "530428001": "元江县文化馆（图书馆）红河街道分馆",
        "530428001001": "红河社区服务点",
        "530428001002": "南昏村服务点",
        "530428002": "元江县文化馆（图书馆）因远镇分馆",
    }
    assert node(session, "530428001001").parent_id == node(session, "530428001").id
    assert node(session, "530428001").lines == ["culture_hall", "library"]
    site = session.scalars(select(Network)).one()
    assert (site.name, site.site_name, site.region_code) == ("元江县", "元江县文化云", "530428")


def test_divisions_may_stand_below_one_hall_for_both_lines(session: Session) -> None:
    bring_in(session, DIVISIONS, one_hall=True)
    assert plates(session)["530428-WHG"] == "元江县文化馆（图书馆）"
    assert plates(session)["530428001"] == "元江县文化馆（图书馆）红河街道分馆"
    assert "530428-TSG" not in plates(session)


@pytest.mark.parametrize("content", [DIVISIONS, NETWORK])
def test_a_second_import_changes_nothing(session: Session, content: Any) -> None:
    bring_in(session, content)
    before = {n.code: (n.id, n.path, n.position) for n in session.scalars(select(Node))}
    planned = bring_in(session, content)
    assert (planned.created, planned.changed, planned.network_changes) == ((), (), ())
    assert not planned.levels_changed
    assert planned.unchanged == 6
    assert before == {n.code: (n.id, n.path, n.position) for n in session.scalars(select(Node))}


def test_what_staff_have_added_stays_when_divisions_come_again(session: Session) -> None:
    bring_in(session, DIVISIONS)
    node(session, "530428002").phone = "0877-5550199"
    node(session, "530428002").lines = ["library"]
    session.commit()
    planned = bring_in(session, DIVISIONS)
    assert node(session, "530428002").phone == "0877-5550199"
    assert node(session, "530428002").lines == ["library"]
    assert planned.changed == ()


def test_a_renamed_township_is_reported_with_what_changed(session: Session) -> None:
    bring_in(session, DIVISIONS)
    renamed = json.loads(encoded(DIVISIONS))
    renamed["townships"][1]["name"] = "因远街道"
    planned = bring_in(session, renamed)
    assert [(c.code, c.plate_name) for c in planned.changed] == [
        ("530428002", "元江县文化馆（图书馆）因远街道分馆")
    ]
    first = planned.changed[0].changes[0]
    assert (first.name, first.before, first.after) == ("name", "因远镇", "因远街道")
    assert planned.unchanged == 5


def test_another_county_is_refused(session: Session) -> None:
    bring_in(session, DIVISIONS)
    assert refusals(session, {**DIVISIONS, "code": "512002", "name": "雁江区"}) == [
        "This site serves 元江县 (530428); the file is about 512002."
    ]


# --- our own shape -------------------------------------------------------------------------------


def test_nested_and_flat_nodes_make_one_tree_with_paths_and_places(session: Session) -> None:
    bring_in(session, NETWORK)
    hall, branch, point = node(session, "WHG"), node(session, "B1"), node(session, "P1")
    assert point.path == f"/{hall.id}/{branch.id}/{point.id}/"
    assert (branch.level_code, point.level_code) == ("branch", "point")
    assert (
        node(session, "P2").path == f"/{hall.id}/{node(session, 'B2').id}/{node(session, 'P2').id}/"
    )
    assert [node(session, c).position for c in ("B1", "B2")] == [1, 2]
    assert point.lines == ["culture_hall", "library"], "taken from the parent"
    assert hall.lines == ["culture_hall"]


def test_facts_hours_and_closings_are_set(session: Session) -> None:
    bring_in(session, NETWORK)
    hall = node(session, "WHG")
    assert (hall.phone, hall.access, hall.latitude) == ("0877-5550101", ["ramp", "toilet"], 23.35)
    assert len(hall.hours) == 12
    assert [(c.starts_on.day, c.ends_on.day, c.reason) for c in hall.closings] == [
        (1, 7, "国庆放假")
    ]


def test_levels_and_plate_rules_are_the_files(session: Session) -> None:
    bring_in(session, NETWORK)
    assert [level.code for level in session.scalars(select(Level).order_by(Level.position))] == [
        "main",
        "branch",
        "point",
    ]
    assert plates(session)["B1"] == "木棉渡县文化馆（图书馆）渡口街道分馆"
    assert plates(session)["P1"] == "渡口街道老渡口社区综合文化支馆"


def test_a_new_rule_renames_all_plates_but_those_worded_by_hand(session: Session) -> None:
    bring_in(session, NETWORK)
    node(session, "B2").plate_name = "江边文化站"
    session.commit()
    levels = [dict(level) for level in NETWORK["levels"]]
    levels[1]["plate_rule"] = "{county}{name}文化分馆"
    planned = bring_in(session, {"levels": levels})
    assert plates(session)["B1"] == "木棉渡县渡口街道文化分馆"
    assert plates(session)["B2"] == "江边文化站"
    assert [change.code for change in planned.changed] == ["B1"]


def test_the_order_of_levels_may_turn_round(session: Session) -> None:
    bring_in(session, {"levels": [{"code": "a", "name": "甲"}, {"code": "b", "name": "乙"}]})
    bring_in(session, {"levels": [{"code": "b", "name": "乙"}, {"code": "a", "name": "甲"}]})
    assert [v.code for v in session.scalars(select(Level).order_by(Level.position))] == ["b", "a"]


def test_a_fact_that_the_file_leaves_out_stays_and_an_empty_one_goes(session: Session) -> None:
    bring_in(session, NETWORK)
    bring_in(session, {"nodes": [{"code": "WHG", "phone": ""}]})
    hall = node(session, "WHG")
    assert (hall.phone, hall.latitude, len(hall.hours)) == ("", 23.35, 12)


def test_hours_may_change_where_they_begin_as_before(session: Session) -> None:
    bring_in(session, NETWORK)
    bring_in(session, {"nodes": [{"code": "WHG", "hours": {"tue": "9:00-13:00", "mon": ""}}]})
    session.expire_all()
    assert [(h.weekday, h.closes.hour) for h in node(session, "WHG").hours] == [(1, 13)]


# --- moving --------------------------------------------------------------------------------------


def test_a_node_under_another_parent_takes_all_below_it_along(session: Session) -> None:
    bring_in(session, NETWORK)
    extra = {"code": "B3", "name": "新区", "level": "branch", "parent": "WHG"}
    bring_in(session, {"nodes": [extra, {"code": "P1", "parent": "B3"}]})
    point, hall, branch = node(session, "P1"), node(session, "WHG"), node(session, "B3")
    assert point.path == f"/{hall.id}/{branch.id}/{point.id}/"
    assert plates(session)["P1"] == "新区老渡口社区综合文化支馆"


def test_a_moved_subtree_keeps_its_shape_and_its_agenda_is_refreshed(session: Session) -> None:
    levels = {"levels": [{"code": c, "name": c} for c in ("city", "main", "branch", "point")]}
    lines = ["culture_hall", "library"]
    tree = {
        **levels,
        "nodes": [
            {"code": "C", "name": "中心馆", "level": "city", "lines": lines},
            {"code": "M1", "name": "东馆", "level": "main", "parent": "C"},
            {"code": "M2", "name": "西馆", "level": "main", "parent": "C"},
            {"code": "B", "name": "镇", "level": "branch", "parent": "M1"},
            {"code": "P", "name": "村", "level": "point", "parent": "B"},
        ],
    }
    bring_in(session, tree)
    assert session.scalars(select(Job)).all() == [], "new nodes have no activities yet"
    bring_in(session, {"nodes": [{"code": "B", "parent": "M2"}]})
    ids = {code: node(session, code).id for code in ("C", "M2", "B", "P")}
    assert node(session, "P").path == f"/{ids['C']}/{ids['M2']}/{ids['B']}/{ids['P']}/"
    job = session.scalars(select(Job)).one()
    assert job.name == "activities.refresh_agenda"
    assert job.arguments == {"node_ids": sorted([ids["B"], ids["P"]])}


def test_activities_of_a_moved_branch_are_listed_at_its_new_hall(
    session: Session, run_jobs: Any
) -> None:
    from culture_cloud.activities.models import AgendaEntry

    bring_in(session, NETWORK)
    factories.make_activity(session, node=node(session, "P1"))
    session.commit()
    bring_in(session, {"nodes": [{"code": "P1", "parent": "B2"}]})
    run_jobs()
    session.expire_all()
    ancestors = set(session.scalars(select(AgendaEntry.ancestor_id)))
    assert node(session, "B2").id in ancestors
    assert node(session, "B1").id not in ancestors


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "reasons"),
    [
        ([{"code": "B", "name": "乙", "level": "branch", "parent": "X"}],
         ["2 Its parent X is neither in the file nor on this site."]),
        ([{"code": "B", "name": "乙", "level": "wing", "parent": "A"}],
         ["2 There is no level “wing”. Levels here: 中心馆 (centre)、总馆 (main)、分馆 (branch)、"
          "服务点 (service_point)."]),
        ([{"code": "B", "name": "乙", "level": "branch", "parent": "A"},
          {"code": "B", "name": "丙", "level": "branch", "parent": "A"}],
         ["3 The code B stands in row 2 already."]),
        ([{"code": "B", "name": "乙", "level": "branch", "parent": "C"},
          {"code": "C", "name": "丙", "level": "branch", "parent": "B"}],
         ["2 It stands below itself: 乙 → 丙 → 乙.", "3 It stands below itself: 丙 → 乙 → 丙."]),
        ([{"code": "B", "name": "乙", "level": "branch", "parent": "B"}],
         ["2 It stands below itself: 乙 → 乙."]),
        ([{"code": "B", "name": "乙", "level": "main", "parent": "A"}],
         ["2 Its level, 总馆, must be below that of its parent 文化馆."]),
        ([{"code": "B", "name": "乙", "level": "main", "lines": ["library"]}],
         ["2 文化馆 and 乙 both stand at the top for the line 图书馆."
          " Give one of them a parent."]),
        ([{"code": "B", "level": "branch", "parent": "A"}], ["2 The name is missing."]),
        ([{"code": "中文", "name": "乙"}],
         ["2 The code “中文” may hold only letters, digits, dots and hyphens,"
          " at most 40 of them."]),
        ([{"code": "B", "name": "乙", "parent": "A", "latitude": 101.7, "longitude": 23.3}],
         ["2 The latitude “101.7” is not a number from -90 to 90."]),
        ([{"code": "B", "name": "乙", "parent": "A", "latitude": 88.1, "longitude": 27.3}],
         ["2 Latitude and longitude are swapped."]),
        ([{"code": "B", "name": "乙", "parent": "A", "latitude": 23.3}],
         ["2 Latitude and longitude belong together: one of them is missing."]),
        ([{"code": "B", "name": "乙", "parent": "A", "phone": "五五五"}],
         ["2 “五五五” is not a phone number."]),
        ([{"code": "B", "name": "乙", "parent": "A", "hours": "看情况"}],
         ["2 “看情况” cannot be read from “看情况” on. Write it such as 周二至周日 9:00-12:00, "
          "14:00-17:30."]),
        ([{"code": "B", "name": "乙", "parent": "A", "telephone": "1"}],
         ["2 Not known here: telephone."]),
        ([{"code": "B", "name": "乙" * 81, "parent": "A"}],
         ["2 “乙乙乙乙乙乙乙乙乙乙乙乙…” is longer than 80 characters."]),
        ([{"code": "B", "name": "乙", "parent": "A", "closings": [{"from": "明天"}]}],
         ["2 “明天” is not a date such as 2026-05-01."]),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_nothing_is_imported(
    session: Session, items: list[dict[str, Any]], reasons: list[str]
) -> None:
    good = {"code": "Z", "name": "好镇", "level": "branch", "parent": "A"}
    found = refusals(session, nodes(*items, good))
    assert found == reasons
    assert plates(session) == {}
    assert session.scalars(select(Level)).all() == []


def test_every_bad_row_is_reported_at_once(session: Session) -> None:
    found = refusals(session, nodes({"code": "B"}, {"name": "丙"}, {"code": "D", "name": ""}))
    assert [line.split()[0] for line in found] == ["3", "4"]


def test_a_level_on_which_nodes_stand_stays_in_the_list(session: Session) -> None:
    bring_in(session, NETWORK)
    assert refusals(session, {"levels": NETWORK["levels"][:2]}) == [
        "Nodes of this site stand on the level point. Keep it in the list."
    ]


def test_a_plate_rule_cannot_reach_for_other_things(session: Session) -> None:
    for rule in ("{name.__class__}", "{name:>900000000}", "{other}", "{name"):
        content = {"levels": [{"code": "a", "name": "甲", "plate_rule": rule}]}
        assert "may use {name}" in refusals(session, content)[0]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty"),
        (b'{"nodes": [', "The JSON is broken in line 1"),
        (b'{"nodes": 5}', "must be a list of objects"),
        (b'{"nodes": [{"code": "A", "name": "x", "latitude": NaN}]}', "not JSON of a network"),
        (b"[" * 100_000, "not JSON of a network"),
        ('{"nodes": []}'.encode("utf-16"), "No row of headings|not JSON"),
        (b"PK\x03\x04 not a zip", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel file"),
        (b"%PDF-1.7 something else", "No row of headings"),
        (b" " * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
    ids=["empty", "broken", "no-list", "nan", "deep", "utf-16", "zip", "xls", "pdf", "large"],
)
def test_a_file_that_is_none_is_refused_in_words(data: bytes, reason: str) -> None:
    with pytest.raises(ImportRefused, match=reason):
        read_file(data)


# --- tables --------------------------------------------------------------------------------------

HEADINGS = [
    "编码",
    "名称",
    "级别",
    "上级编码",
    "业务线",
    "地址",
    "电话",
    "开放时间",
    "无障碍",
    "备注",
]


def test_reads_a_workbook_with_chinese_headings_whatever_the_order_of_rows(
    session: Session,
) -> None:
    planned = bring_in(
        session,
        workbook(
            ["木棉渡县总分馆一览"],
            HEADINGS,
            [539901001, "渡口街道", "分馆", "539901-WHG", None, "渡口路1号", "0877-5550111",
             "周二至周日 9:00-12:00, 14:00-17:30", "坡道、无障碍卫生间", "好"],
            ["539901-WHG", "文化馆", "总馆", None, "文化馆、图书馆"],
        ),
    )  # fmt: skip
    branch = node(session, "539901001")
    assert branch.parent_id == node(session, "539901-WHG").id
    assert (branch.level_code, branch.address, len(branch.hours)) == ("branch", "渡口路1号", 12)
    assert (branch.access, branch.lines) == (["ramp", "toilet"], ["culture_hall", "library"])
    assert planned.unused == ("备注",)


def test_reads_csv_with_english_headings_and_leaves_empty_cells_alone(session: Session) -> None:
    bring_in(session, NETWORK)
    bring_in(session, b"Code,Name,Phone,Address\nWHG,,,Road 1\n")
    hall = node(session, "WHG")
    assert (hall.name, hall.phone, hall.address) == ("文化馆", "0877-5550101", "Road 1")


def test_a_bad_row_of_a_table_is_named_by_its_row_in_the_file(session: Session) -> None:
    table = workbook(
        ["一览"],
        [],
        HEADINGS,
        ["A", "文化馆", "总馆", None, "文化馆"],
        ["B", "渡口街道", "分馆", "A", "舞厅"],
    )
    assert refusals(session, table) == [
        "5 “舞厅” is not a line. Lines are 文化馆 (culture_hall) and 图书馆 (library)."
    ]
    assert plates(session) == {}


def test_two_columns_of_the_same_meaning_are_refused(session: Session) -> None:
    table = workbook(["编码", "名称", "电话", "联系电话"], ["A", "文化馆", "1", "2"])
    assert "“电话” and “联系电话” mean the same" in refusals(session, table)[0]
