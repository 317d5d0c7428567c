"""Clerks' tables come in as they are kept: titles above, totals below, dates in every manner."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest

from culture_cloud.activities.importing.rows import ImportRow, Parsed
from culture_cloud.activities.importing.spreadsheet import read_csv_table, read_xlsx
from culture_cloud.tabular import FileNotReadable

from .books import TODAY, ZONE, at, workbook

HEADINGS = ["序号", "活动名称", "活动类别", "开始时间", "结束时间", "活动地点", "详细地址", "票价"]


def read(*rows: list[Any], merged: tuple[str, ...] = ()) -> Parsed:
    return read_xlsx(workbook({"活动": rows}, merged), zone=ZONE, today=TODAY)


def only(parsed: Parsed) -> ImportRow:
    assert not parsed.problems
    (row,) = parsed.rows
    return row


def test_every_field_finds_its_place() -> None:
    cells: dict[str, object] = {
        "活动名称（必填）*": "　端午诗会 ",
        "类型": "演出",
        "开始时间": "2026-06-19 19:30",
        "结束时间": "21:00",
        "地点": "小剧场",
        "地址": "文化路1号",
        "费用": "免费",
        "名额": "60人",
        "对象": "老人、儿童",
        "自备": "水杯",
        "主办单位": "县文化馆",
        "承办/协办": "诗社、图书馆",
        "联系电话": "0877-6000000",
        "网址": "https://a.cn/1",
        "简介": "欢迎\n上台",
        "编号": "A-7",
        "海报": "https://a.cn/1.jpg",
        "纬度": "23.6",
        "经度": 102,
        "报送单位": "澧江街道",
    }
    row = only(read(list(cells), list(cells.values())))
    assert row == ImportRow(
        source_ref="第 2 行",
        uid="A-7",
        title="端午诗会",
        kind="演出",
        sessions=row.sessions,
        place_name="小剧场",
        address="文化路1号",
        latitude=23.6,
        longitude=102.0,
        fee="免费",
        is_free=True,
        capacity=60,
        description="欢迎\n上台",
        audiences=("老人", "儿童"),
        bring="水杯",
        organiser="县文化馆",
        co_organisers=("诗社", "图书馆"),
        contact_phone="0877-6000000",
        url="https://a.cn/1",
        image_url="https://a.cn/1.jpg",
        source_name="澧江街道",
        extra={"名额": "60人"},
    )
    (session,) = row.sessions
    assert (session.starts_at, session.ends_at) == (at("2026-06-19T19:30"), at("2026-06-19T21:00"))


def test_english_headings_are_understood() -> None:
    row = only(
        read(["Title", "Start time", "End time", "Venue", "Fee"], ["Recital", "2026-06-19 19:30"])
    )
    assert (row.title, row.sessions[0].starts_at) == ("Recital", at("2026-06-19T19:30"))


def test_the_header_is_found_below_titles_and_the_list_ends_above_totals_and_remarks() -> None:
    parsed = read(
        ["2026年活动一览表（各馆报送）"],
        [],
        HEADINGS,
        [1, "诗会", "演出", "2026-06-19 19:30"],
        [],
        ["一、图书馆活动"],
        HEADINGS,
        [2, "共读一本书", "阅读", "2026-06-20"],
        [None, "合计", "2场"],
        [None, "填表人：", None, "联系电话："],
        ["备注：请提前十分钟入场"],
        merged=("A1:H1", "A6:H6"),
    )
    assert [row.title for row in parsed.rows] == ["诗会", "共读一本书"]
    assert [row.source_ref for row in parsed.rows] == ["第 4 行", "第 8 行"]
    assert not parsed.problems
    assert [note.source_ref for note in parsed.skipped] == [
        f"第 {number} 行" for number in (6, 7, 9, 10, 11)
    ]
    assert "填表人：" in str(parsed.skipped[3].reason)


def test_an_activity_whose_name_sounds_like_a_remark_is_kept() -> None:
    parsed = read(
        ["活动名称", "开始时间", "地点"],
        ["说明会", "2026-06-19 9:00", "馆内"],
        ["共1场的音乐会", "2026-06-19 9:00", "馆内"],
        ["总计划讲座", "2026-06-19 9:00", "馆内"],
    )
    assert [row.title for row in parsed.rows] == ["说明会", "共1场的音乐会", "总计划讲座"]


def test_a_header_of_two_rows_is_read_by_its_lower_one() -> None:
    row = only(
        read(
            ["活动名称", "活动时间", None, "地点"],
            [None, "开始", "结束", None],
            ["诗会", "2026-06-19 19:30", "21:00", "小剧场"],
            merged=("A1:A2", "B1:C1", "D1:D2"),
        )
    )
    assert (row.title, row.place_name) == ("诗会", "小剧场")
    assert row.sessions[0].ends_at == at("2026-06-19T21:00")


def test_a_place_merged_over_several_rows_counts_for_each() -> None:
    parsed = read(
        ["活动名称", "开始时间", "地点"],
        ["甲", "2026-06-19 9:00", "小剧场"],
        ["乙", "2026-06-20 9:00", None],
        merged=("C2:C3",),
    )
    assert [row.place_name for row in parsed.rows] == ["小剧场", "小剧场"]


@pytest.mark.parametrize(
    ("headings", "cells", "start", "end"),
    [
        (["日期", "时间"], ["2026年6月19日", "9:00-11:30"], "2026-06-19T09:00", "2026-06-19T11:30"),
        (["日期", "时间"], [date(2026, 6, 19), time(9)], "2026-06-19T09:00", None),
        (["日期", "时间"], ["6月19日", "下午2:30-4:30"], "2026-06-19T14:30", "2026-06-19T16:30"),
        (
            ["开始日期", "开始时间", "结束日期", "结束时间"],
            ["2026-06-19", "9:00", "2026-06-21", "17:00"],
            "2026-06-19T09:00",
            "2026-06-21T17:00",
        ),
        (["开始", "结束"], ["2026-06-19 9:00", "11:30"], "2026-06-19T09:00", "2026-06-19T11:30"),
        (["活动时间"], [datetime(2026, 6, 19, 9)], "2026-06-19T09:00", None),  # noqa: DTZ001
    ],
)
def test_times_may_stand_in_one_to_four_columns(
    headings: list[str], cells: list[object], start: str, end: str | None
) -> None:
    (session,) = only(read(["活动名称", *headings], ["诗会", *cells])).sessions
    assert (session.starts_at, session.all_day) == (at(start), False)
    assert session.ends_at == (at(end) if end else None)


def test_hours_of_several_days_become_a_series() -> None:
    row = only(read(["展览名称", "日期", "时间"], ["版画展", "6月19日至6月21日", "9:00-17:00"]))
    assert row.rrule == "FREQ=DAILY;COUNT=3"
    assert row.sessions[0].starts_at == at("2026-06-19T09:00")
    assert row.sessions[0].ends_at == at("2026-06-19T17:00")


def test_several_dates_in_one_cell_become_sessions() -> None:
    row = only(read(["名称", "时间"], ["诗会", "2026年6月26日9:00；2026年6月19日9:00"]))
    assert [session.starts_at for session in row.sessions] == [
        at("2026-06-19T09:00"),
        at("2026-06-26T09:00"),
    ]


def test_an_end_with_an_hour_does_not_give_an_hour_to_a_whole_day() -> None:
    row = only(read(["名称", "开始", "结束"], ["展", "2026-06-19", "2026-06-21 17:00"]))
    (session,) = row.sessions
    assert session.all_day
    assert session.ends_at == at("2026-06-22")
    assert row.extra == {"结束": "2026-06-21 17:00"}


def test_bad_rows_are_told_with_their_number_and_the_good_ones_come_in() -> None:
    parsed = read(
        ["活动名称", "开始时间", "结束时间"],
        ["甲", "2026-02-30 9:00"],
        [None, "2026-06-19 9:00"],
        ["丙", None, "2026-06-19 9:00"],
        ["丁", "2026-06-19 9:00", "2026-06-18 9:00"],
        ["戊", "2026-06-19 9:00"],
    )
    assert [row.title for row in parsed.rows] == ["戊"]
    found = {(problem.source_ref, problem.field) for problem in parsed.problems}
    assert found == {
        ("第 2 行", "starts_at"),
        ("第 3 行", "title"),
        ("第 4 行", "starts_at"),
        ("第 5 行", "ends_at"),
    }
    assert "2026-02-30 9:00" in str(parsed.problems[0].reason)


def test_a_row_with_two_faults_tells_both() -> None:
    parsed = read(["活动名称", "开始时间", "地点"], [None, "2月30日", "馆内"], ["甲", "3月20日"])
    assert [problem.field for problem in parsed.problems] == ["title", "starts_at"]


def test_a_weekday_that_does_not_fit_is_noted() -> None:
    parsed = read(["活动名称", "开始时间"], ["甲", "2026年6月19日（星期日）9:00"])
    assert [note.source_ref for note in parsed.notes] == ["第 2 行"]


def test_nothing_that_has_no_field_is_lost() -> None:
    row = only(
        read(
            ["活动名称", "开始时间", "网址", "名额", "状态", "备注", None, "备注", "报名截止时间"],
            ["甲", "2026-06-19", "见公众号", "不限", "如期", "带孩子", "无头", 3.0, "6月1日"],
        )
    )
    assert (row.url, row.capacity, row.status) == ("", None, "confirmed")
    assert row.extra == {
        "网址": "见公众号",
        "名额": "不限",
        "状态": "如期",
        "备注": "带孩子",
        "第 7 列": "无头",
        "备注 (2)": "3",
        "报名截止时间": "6月1日",
    }


def test_deadlines_and_counts_are_not_taken_for_the_activitys_own() -> None:
    row = only(
        read(
            ["活动名称", "报名截止时间", "已报名人数", "活动开始时间", "可报人数"],
            ["甲", "2026-06-01", 7, "2026-06-19", 60],
        )
    )
    assert row.sessions[0].starts_at == at("2026-06-19")
    assert row.capacity == 60


def test_addresses_that_run_scripts_are_not_taken_as_addresses() -> None:
    row = only(read(["名称", "时间", "网址"], ["甲", "2026-06-19", "javascript:alert(1)"]))
    assert row.url == ""
    assert row.extra == {"网址": "javascript:alert(1)"}


@pytest.mark.parametrize(
    ("heading", "text", "is_free"),
    [
        ("票价", "免费", True),
        ("票价", "0元", True),
        ("票价", "NT$400", False),
        ("票价", "", None),
        ("票价", "详见海报", None),
        ("是否收费", "否", True),
        ("是否免费", "否", False),
    ],
)
def test_what_is_free_is_known_only_if_it_is_said(
    heading: str, text: str, is_free: bool | None
) -> None:
    assert only(read(["名称", "时间", heading], ["甲", "2026-06-19", text])).is_free is is_free


def test_a_cancelled_activity_comes_in_as_cancelled() -> None:
    row = only(read(["名称", "时间", "状态"], ["甲", "2026-06-19", "已取消"]))
    assert row.status == "cancelled"
    assert row.sessions[0].state == "cancelled"


def test_each_sheet_with_a_header_is_read_and_the_others_are_noted() -> None:
    book = workbook(
        {
            "一月": [["名称", "时间"], ["甲", "2026-06-19"]],
            "二月": [["名称", "时间"], ["乙", "2026-06-20"]],
            "说明": [["请各馆按时报送。"]],
            "空": [],
        }
    )
    parsed = read_xlsx(book, zone=ZONE, today=TODAY)
    assert [row.source_ref for row in parsed.rows] == ["第 2 行", "二月 第 2 行"]
    assert [note.source_ref for note in parsed.notes] == ["说明"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["甲", "乙"], ["丙", "丁"]], "headings"),
        ([["活动名称", "地点"], ["甲", "馆内"]], "column for the time"),
        ([["活动名称", "开始时间"]], "no activity"),
        ([[None]] * 20 + [["活动名称", "开始时间"], ["甲", "2026-06-19"]], "headings"),
    ],
)
def test_a_table_that_cannot_be_understood_is_refused_in_words(
    rows: list[list[Any]], words: str
) -> None:
    with pytest.raises(FileNotReadable, match=words):
        read(*rows)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_csv_tables_are_read_alike(encoding: str) -> None:
    text = "活动名称,开始,结束,地点\r\n诗会,2026年6月19日晚上7点半,2026.6.19  21点,小剧场\r\n"
    parsed = read_csv_table(text.encode(encoding), "表.csv", zone=ZONE, today=TODAY)
    (session,) = only(parsed).sessions
    assert (session.starts_at, session.ends_at) == (at("2026-06-19T19:30"), at("2026-06-19T21:00"))
