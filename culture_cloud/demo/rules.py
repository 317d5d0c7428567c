"""Activities of the demo that show the rules of signing up: kept places, waiting, review, children.

Written by the services that residents and the desk use, at the moments it happened.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities.models import Activity, AllotmentKind
from culture_cloud.activities.questions import Question, QuestionKind
from culture_cloud.activities.rules import Rules
from culture_cloud.activities.shares import Share
from culture_cloud.network.models import Node
from culture_cloud.sign_ups import review, services
from culture_cloud.sign_ups.models import Channel
from culture_cloud.sign_ups.requests import ActingFor, Guardian, SignUpRequest
from culture_cloud.sign_ups.services import SignUpResult
from culture_cloud.sign_ups.states import By

from .making import name_of, publish
from .network import Nodes

HALL, BRANCHES = "539901-WHG", ("539901101", "539901102")
STAFF = By(is_staff=True)


def add(session: Session, nodes: Nodes, now: datetime) -> None:
    """Write them into the demo county. `now` is local and aware."""
    hall = nodes[HALL]
    noon = now.replace(hour=14, minute=30, second=0, microsecond=0)
    with clock.frozen(now - timedelta(days=6)):
        music = _music(session, hall, [nodes[code] for code in BRANCHES], noon)
        phones = _phones(session, hall, noon)
        guides = _guides(session, hall, noon)
    _kept_places_go(session, music, now)
    _people_wait(session, phones, now)
    _children_are_looked_at(session, guides, now)


def _music(session: Session, hall: Node, branches: list[Node], noon: datetime) -> Activity:
    kept = [
        Share(kind=AllotmentKind.ELDERS, places=8, release_hours=24),
        Share(kind=AllotmentKind.WALK_IN, places=6),
        *(
            Share(kind=AllotmentKind.BRANCH, places=4, name=b.code, node_id=b.id, release_hours=48)
            for b in branches
        ),
    ]
    return publish(
        session, hall, "冬日洞经音乐会", [noon + timedelta(days=9)], kind="performance", places=40,
        max_party=4, teacher="", room="一楼剧场", rules=Rules(shares=tuple(kept)),
        description="洞经乐队演奏十二支老曲子，每支曲子前讲它的来历。\n\n给老人、给下面两个乡的群众"
        "都留了位子，没报名的也可以来碰碰运气。",
    )  # fmt: skip


def _phones(session: Session, hall: Node, noon: datetime) -> Activity:
    return publish(
        session, hall, "手机课：挂号、缴费、认骗子", [noon + timedelta(days=4)], kind="training",
        places=6, max_party=2, teacher="孙建国", room="一楼教室",
        rules=Rules(confirm_hours=12, no_show_limit=2),
        description="六个人一班，老师一个一个教。带上自己的手机和充电线。\n\n名额满了可以排队，"
        "有人不来就通知下一位。",
    )  # fmt: skip


def _guides(session: Session, hall: Node, noon: datetime) -> Activity:
    asked = (
        Question(key="q1", kind=QuestionKind.TEXT, label="想讲哪件老物件？", needed=True),
        Question(
            key="q2", kind=QuestionKind.CHOICE, label="会说哪种话？",
            choices=("普通话", "傣语", "哈尼语", "彝语"),
        ),
    )  # fmt: skip
    return publish(
        session, hall, "小小讲解员", [noon + timedelta(days=12)], kind="training", places=10,
        max_party=1, teacher="普文英", room="非遗展厅",
        rules=Rules(review=True, min_age=8, max_age=14, questions=asked),
        description="学三个下午，周末给来参观的人讲一件老物件。8岁到14岁的孩子都可以来，"
        "14岁以下要家长同意。",
    )  # fmt: skip


def _kept_places_go(session: Session, music: Activity, now: datetime) -> None:
    """A caller, a daughter for her mother, a branch for its people, and families."""
    for number in range(9):
        facts: dict[str, Any] = {"party_size": 1 + number % 3, "is_elder": number % 3 == 0}
        if number == 3:
            facts["channel"] = Channel.PHONE
        if number == 6:
            acting = ActingFor(
                name="玉香叶", phone="19900007199", relation="family", consent="本人知道并同意。"
            )
            facts |= {"channel": Channel.PROXY, "acting": acting}
        _sign_up(session, music, number, now - timedelta(hours=60 - 5 * number), **facts)


def _people_wait(session: Session, phones: Activity, now: datetime) -> None:
    """Six have a place, five wait; one place came free and is offered to the first of them."""
    made = [
        _sign_up(
            session, phones, 20 + number, now - timedelta(hours=50 - 4 * number), may_wait=True
        )
        for number in range(11)
    ]
    with clock.frozen(now - timedelta(hours=3)):
        services.cancel(session, made[0].token)


def _children_are_looked_at(session: Session, guides: Activity, now: datetime) -> None:
    """One was taken, one was declined with a reason, three wait for somebody to look."""
    things = ("铜鼓", "竹编饭盒", "老戏服", "马帮铃", "油纸伞")
    made = []
    for number, thing in enumerate(things):
        at = now - timedelta(hours=30 - 4 * number)
        guardian = Guardian(
            name_of(50 + number), f"199000072{number:02d}", "我是孩子的监护人，同意参加。"
        )
        made.append(
            _sign_up(
                session, guides, 40 + number, at, ages=(9 + number,), guardian=guardian,
                answers={"q1": thing, "q2": "普通话" if number % 2 else "傣语"},
            )
        )  # fmt: skip
    with clock.frozen(now - timedelta(hours=2)):
        review.confirm(session, made[0].sign_up_id, STAFF)
        review.decline(session, made[1].sign_up_id, "饭盒这次不展出，欢迎换一件再报。", STAFF)


def _sign_up(
    session: Session, activity: Activity, number: int, at: datetime, **facts: Any
) -> SignUpResult:
    with clock.frozen(at):
        request = SignUpRequest(
            activity_id=activity.id,
            session_id=activity.sessions[0].id,
            name=name_of(number),
            phone=f"199000071{number:02d}",
            idempotency_key=f"demo-rules-{activity.id}-{number}-xxxx",
            **facts,
        )
        return services.sign_up(session, request)
