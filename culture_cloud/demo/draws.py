"""The demo's draws: one that was held, one that people can apply for, a season of wish lists.

Written by the services that the desk uses, at the moments it happened. Names are invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities.models import Activity
from culture_cloud.draws import holding
from culture_cloud.draws import services as draws
from culture_cloud.draws.models import Draw, DrawKind
from culture_cloud.draws.services import DrawFacts, Wanted
from culture_cloud.draws.weights import Weights
from culture_cloud.jobs.models import Job
from culture_cloud.network.models import Node

from .making import name_of, publish
from .network import Nodes

HALL = "539901-WHG"


def add(session: Session, nodes: Nodes, now: datetime) -> None:
    """Write the three draws into the demo county. `now` is local and aware."""
    hall = nodes[HALL]
    noon = now.replace(hour=14, minute=30, second=0, microsecond=0)
    boats, lanterns = _activities(session, hall, noon)
    _held(session, boats, now)
    _open(session, lanterns, now)
    _season(session, hall, noon, now)
    session.execute(delete(Job).where(Job.name.startswith("draws.tell")))


def _activities(session: Session, hall: Node, noon: datetime) -> tuple[Activity, Activity]:
    with clock.frozen(noon - timedelta(days=12)):
        boats = publish(
            session,
            hall,
            "龙舟体验：上船划一程",
            [noon + timedelta(days=5)],
            kind="festival",
            places=16,
            max_party=4,
            teacher="玉光明",
            description="跟老桨手上一条龙舟，从渡口划到榕树湾再回来，约四十分钟。提供救生衣。\n\n"
            "想上船的人每年都比位子多，所以用抽签决定。",
        )
        lanterns = publish(
            session,
            hall,
            "看花灯后台：给老艺人当一天徒弟",
            [noon + timedelta(days=16)],
            kind="training",
            places=12,
            max_party=3,
            teacher="普文英",
            description="上午在后台学扎灯、化妆，下午跟着排一折花灯戏。名额少，抽签决定。",
        )
    return boats, lanterns


def _held(session: Session, activity: Activity, now: datetime) -> None:
    closed = (now - timedelta(days=2)).replace(hour=18, minute=0, second=0, microsecond=0)
    with clock.frozen(closed - timedelta(days=7)):
        draw = _set_up(session, activity, closed, Weights(first_time=1, elders=2))
    for number in range(22):
        with clock.frozen(closed - timedelta(hours=6 * (22 - number))):
            _apply(session, draw, number, [(activity.id, activity.sessions[0].id)])
    with clock.frozen(closed + timedelta(seconds=5)):
        holding.hold(session, draw.id)


def _open(session: Session, activity: Activity, now: datetime) -> None:
    closes = (now + timedelta(days=6)).replace(hour=18, minute=0, second=0, microsecond=0)
    with clock.frozen(now - timedelta(days=3)):
        draw = _set_up(session, activity, closes, Weights(first_time=1, elders=1, township=1))
    for number in range(9):
        with clock.frozen(now - timedelta(hours=3 * (9 - number))):
            _apply(session, draw, 40 + number, [(activity.id, activity.sessions[0].id)])


def _season(session: Session, hall: Node, noon: datetime, now: datetime) -> None:
    """Four courses; people write wish lists for ten more days."""
    told = (
        ("书法入门", "一楼教室", "段学军", "笔墨纸砚由馆里准备，从横竖撇捺学起。"),
        ("傣族剪纸", "二楼手工室", "罕丽华", "学剪象脚鼓、孔雀和大青树，一课一幅。"),
        ("合唱", "排练厅", "沙春燕", "不识谱也能来，一学期学会六首歌。"),
        ("手机摄影", "一楼教室", "孙建国", "用自己的手机拍家乡：取景、用光、修图。"),
    )
    courses = []
    with clock.frozen(noon - timedelta(days=9)):
        for index, (title, room, teacher, about) in enumerate(told):
            first = (noon + timedelta(days=20 + index)).replace(hour=9 + 5 * (index % 2), minute=30)
            starts = [first + timedelta(weeks=week) for week in range(8)]
            courses.append(
                publish(
                    session, hall, f"公益课程：{title}", starts, kind="training", places=6,
                    max_party=1, teacher=teacher, description=about, room=room, course=True,
                )
            )  # fmt: skip
    closes = (now + timedelta(days=10)).replace(hour=18, minute=0, second=0, microsecond=0)
    with clock.frozen(now - timedelta(days=4)):
        draw = draws.set_up(
            session,
            DrawKind.WISHES,
            hall.id,
            DrawFacts(
                activity_ids=[course.id for course in courses],
                closes_at=closes,
                weights=Weights(first_time=1, elders=1),
                title=f"{closes:%Y}年新一季公益课程",
                about="每门课八次，免费。一个人最多得到一门，最想上的写在前面。",
            ),
            by_account_id=None,
        )
    for number in range(14):
        ranked = [courses[(number * (1 + number % 2) + step) % 4] for step in range(1 + number % 4)]
        with clock.frozen(now - timedelta(hours=5 * (14 - number))):
            _apply(session, draw, 60 + number, [(course.id, None) for course in ranked], alone=True)


def _set_up(session: Session, activity: Activity, closes: datetime, weights: Weights) -> Draw:
    facts = DrawFacts(activity_ids=[activity.id], closes_at=closes, weights=weights)
    return draws.set_up(session, DrawKind.DRAW, activity.node_id, facts, by_account_id=None)


def _apply(
    session: Session,
    draw: Draw,
    number: int,
    wishes: Sequence[tuple[int, int | None]],
    *,
    alone: bool = False,
) -> None:
    draws.apply(
        session,
        Wanted(
            draw_id=draw.id,
            name=name_of(number),
            phone=f"199000070{number:02d}",
            wishes=wishes,
            party_size=1 if alone else 1 + number % 3,
            is_elder=number % 3 == 0,
            idempotency_key=f"demo-draw-{draw.id}-{number}",
        ),
    )
