"""Made-up matter for the styleguide, always in Chinese: what real pages are full of."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

_FRIDAY = date(2026, 5, 1)

HALLS = [("", "请选择"), ("1", "清水县文化馆"), ("2", "东升镇分馆"), ("3", "柳树村服务点")]


ACTIVITIES: list[dict[str, Any]] = [
    {
        "title": "春茶与古诗：谷雨读诗会",
        "href": "#main",
        "when": "5月1日（星期五）上午9点30分至11点",
        "day": _FRIDAY,
        "place": "东升镇分馆 二楼阅览室",
        "fee": "免费",
        "places": "还有 6 个名额",
        "kind": "阅读推广",
    },
    {
        "title": "老年智能手机班（第二期，共四次课）",
        "href": "#main",
        "when": "5月2日（星期六）下午2点30分",
        "day": _FRIDAY + timedelta(days=1),
        "place": "柳树村服务点",
        "fee": "免费",
        "places": "可以排队候补",
        "kind": "培训",
        "state": ("名额已满", "warn"),
    },
    {
        "title": "清水梆子《穆桂英挂帅》",
        "href": "#main",
        "when": "5月2日（星期六）晚上7点",
        "day": _FRIDAY + timedelta(days=1),
        "place": "县文化馆 广场",
        "fee": "免费",
        "places": "不用报名，直接来",
        "kind": "演出",
    },
    {
        "title": "剪纸体验：五月石榴红",
        "href": "#main",
        "when": "5月3日（星期日）上午9点",
        "day": _FRIDAY + timedelta(days=2),
        "place": "北河镇分馆",
        "fee": "材料费 10 元",
        "places": "还有 12 个名额",
        "kind": "培训",
    },
    {
        "title": "露天电影《我和我的家乡》",
        "href": "#main",
        "when": "5月3日（星期日）晚上7点30分",
        "day": _FRIDAY + timedelta(days=2),
        "place": "小南庄服务点 晒谷场",
        "fee": "免费",
        "kind": "放映",
        "state": ("已取消", "bad"),
    },
]

TREE: list[dict[str, Any]] = [
    {
        "title": "清水县文化馆",
        "href": "#main",
        "note": "总馆",
        "children": [
            {
                "title": "东升镇分馆",
                "href": "#main",
                "note": "分馆",
                "children": [{"title": "柳树村服务点", "href": "#main", "note": "服务点"}],
            },
            {"title": "北河镇分馆", "href": "#main", "note": "分馆"},
        ],
    }
]

HOURS = [
    ("星期一", "休息", False),
    ("星期二至星期五", "上午8点30分至下午5点30分", True),
    ("星期六、星期日", "上午9点至晚上8点", False),
]

PEOPLE: list[dict[str, Any]] = [
    {"name": "王秀兰", "phone": "138****0021", "party": 2, "state": "已确认", "by": "电话"},
    {"name": "李建国", "phone": "139****4410", "party": 1, "state": "已确认", "by": "网上"},
    {"name": "古丽娜尔·买买提", "phone": "0312****188", "party": 3, "state": "候补", "by": "代约"},
]

FILTERS: list[dict[str, Any]] = [
    {
        "name": "kind",
        "legend": "什么活动",
        "several": True,
        "options": [
            {"value": "performance", "label": "演出", "count": 8, "checked": True},
            {"value": "training", "label": "培训", "count": 14},
            {"value": "reading", "label": "阅读推广", "count": 5},
        ],
    },
    {
        "name": "fee",
        "legend": "费用",
        "options": [
            {"value": "", "label": "都可以", "count": 31, "checked": True},
            {"value": "free", "label": "免费", "count": 27},
        ],
    },
]

FACTS = [
    ("时间", "5月1日（星期五）上午9点30分至11点"),
    ("地点", "东升镇分馆 二楼阅览室（镇政府对面）"),
    ("费用", "免费"),
    ("名额", "还有 6 个名额，另给老年人保留 4 个"),
    ("方便", "门口有坡道，有助听设备"),
    ("电话", "0312 555 0188"),
]

WEEK: list[tuple[str, list[dict[str, str]]]] = [
    (
        "5月1日（星期五）",
        [
            {
                "time": "上午9点30分",
                "title": "春茶与古诗：谷雨读诗会",
                "place": "东升镇分馆",
                "fee": "免费",
            }
        ],
    ),
    (
        "5月2日（星期六）",
        [
            {
                "time": "晚上7点",
                "title": "清水梆子《穆桂英挂帅》",
                "place": "县文化馆 广场",
                "fee": "免费",
            }
        ],
    ),
]

CHART: list[dict[str, Any]] = [
    {"label": "县文化馆", "value": 86, "words": "86 场"},
    {"label": "县图书馆", "value": 64, "words": "64 场"},
    {"label": "东升镇分馆", "value": 31, "words": "31 场"},
    {"label": "柳树村服务点", "value": 7, "words": "7 场"},
]

TIMELINE: list[dict[str, Any]] = [
    {"when": "4月20日", "title": "村里点了单：一场花灯戏", "state": "done"},
    {"when": "4月22日", "title": "文化馆接了单", "state": "done"},
    {"when": "5月1日", "title": "排好了日子", "text": "5月9日晚上，晒谷场", "state": "now"},
    {"when": "5月9日", "title": "演出队进村", "state": "next"},
]

PLACES: list[dict[str, Any]] = [
    {"title": "东升镇分馆", "href": "#main", "x": 42, "y": 40, "current": True},
    {"title": "柳树村服务点", "href": "#nav", "x": 68, "y": 22, "note": "往北 4 公里"},
    {"title": "渡口服务点", "href": "#help", "x": 55, "y": 84, "note": "往南 6 公里"},
]


def month() -> list[list[dict[str, Any]]]:
    """May 2026 by weeks from Monday, with the sample activities in it."""
    first = _FRIDAY - timedelta(days=_FRIDAY.weekday())
    days = [first + timedelta(days=n) for n in range(35)]
    return [[_calendar_day(day) for day in days[n : n + 7]] for n in range(0, 35, 7)]


def _calendar_day(day: date) -> dict[str, Any]:
    return {
        "date": day,
        "today": day == _FRIDAY,
        "outside": day.month != _FRIDAY.month,
        "events": [
            {"title": a["title"].split("：")[0], "href": a["href"]}
            for a in ACTIVITIES
            if a["day"] == day
        ],
    }
