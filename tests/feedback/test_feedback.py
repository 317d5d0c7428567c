"""From the link on each page to the answer (SV-06, SV-09, ST-20, ST-22, EL-13)."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.access.permissions import Role
from culture_cloud.feedback import personal, services, voices
from culture_cloud.feedback.models import Feedback, State, Voice
from culture_cloud.network.models import Node
from culture_cloud.notifications.models import Notice
from culture_cloud.web.drafts import Draft
from tests.client import Browser, Page
from tests.factories import PASSWORD, make_account, make_network, make_node, make_staff

RECORDING = b"OggS" + bytes(range(200))


@pytest.fixture
def hall(session: Session) -> Node:
    make_network(session)
    node = make_node(session, code="HALL", name="云岭")
    session.commit()
    return node


def rows(session: Session) -> list[Feedback]:
    session.expire_all()
    found = list(session.scalars(select(Feedback).order_by(Feedback.id)))
    session.commit()
    return found


def count_of(session: Session, model: type[Draft | Voice]) -> int:
    found = session.scalar(select(func.count()).select_from(model))
    session.commit()
    return found or 0


def tell(client: Browser, page: Page, **values: object) -> Page:
    """Answer whatever is asked, page by page, until it is sent."""
    given = {
        "words": "字太小", "reply": "sms", "phone": "138 0000 0000", "show": "yes", **values,
    }  # fmt: skip
    for _turn in range(8):
        form = page.form()
        if any(name == "confirm" for name, _value in form.buttons):
            return client.submit(page, button=("confirm", "1"))
        answers = {name: value for name, value in given.items() if name in form.values}
        page = client.submit(page, answers, form="next", button=("next", "1"))
    raise AssertionError("the form never ends")


def test_every_page_leads_to_the_form_and_says_which_page_it_was(
    any_mode: Browser, hall: Node, session: Session
) -> None:
    page = any_mode.get("/nodes/HALL")
    href = next(h for h in page.links.values() if h.startswith("/feedback?page="))
    own = tell(any_mode, any_mode.get(href))
    told = rows(session)[0]
    assert told.page == "/nodes/HALL"
    assert told.words == "字太小"
    assert told.phone == "13800000000"
    assert told.may_show is True
    assert told.node_id == hall.id
    assert own.url.endswith(told.token)
    assert count_of(session, Draft) == 0, "a sent draft stays behind"


def test_elder_mode_asks_one_question_a_page_and_standard_mode_all_at_once(
    client: Browser, hall: Node
) -> None:
    assert {"words", "reply", "phone", "show"} <= set(client.get("/feedback").form("next").values)
    client.set_cookie("mode", "elder")
    first = client.get("/feedback")
    assert "reply" not in first.form("next").values
    assert first.heading == "哪里用着不方便？"
    second = client.submit(first, {"words": "看不清"}, form="next", button=("next", "1"))
    assert second.heading == "怎么回您？"
    third = client.submit(second, {"reply": "page"}, form="next", button=("next", "1"))
    assert third.heading == "能给别人看吗？", "who looks at the page is not asked for a number"


def test_from_the_check_page_one_answer_is_changed_and_nothing_is_asked_again(
    any_mode: Browser, hall: Node, session: Session
) -> None:
    page = any_mode.get("/feedback")
    while not any(name == "confirm" for name, _ in page.form().buttons):
        fields = page.form("next").values
        given = {"words": "一", "reply": "page", "show": "no"}
        answers = {k: v for k, v in given.items() if k in fields}
        page = any_mode.submit(page, answers, form="next", button=("next", "1"))
    again = any_mode.submit(page, button=("change", "words"))
    check = any_mode.submit(again, {"words": "二"}, form="next", button=("next", "1"))
    assert any(name == "confirm" for name, _ in check.form().buttons)
    any_mode.submit(check, button=("confirm", "1"))
    assert rows(session)[0].words == "二"


def test_what_is_missing_is_said_and_what_was_typed_stays(client: Browser, hall: Node) -> None:
    page = client.get("/feedback")
    failed = client.submit(
        page,
        {"words": "字太小", "reply": "call", "phone": "12", "show": None},
        form="next",
        button=("next", "1"),
        status=422,
    )
    assert failed.form("next").values["words"] == "字太小"
    assert failed.form("next").values["phone"] == "12"
    assert "请选能不能给别人看" in failed.main
    assert failed.title.startswith("错误：")


def test_ten_thousand_characters_are_refused_in_words_and_kept(client: Browser, hall: Node) -> None:
    long = "长" * 10_000
    failed = client.submit(
        client.get("/feedback"),
        {"words": long, "reply": "page", "show": "no"},
        form="next",
        button=("next", "1"),
        status=422,
    )
    assert failed.form("next").values["words"] == long
    assert "不超过 3000 字" in failed.main


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_who_speaks_need_not_write_and_the_recording_waits_on_the_server(
    client: Browser, hall: Node, session: Session, mode: str
) -> None:
    client.set_cookie("mode", mode)
    page = client.get("/feedback")
    voice = (io.BytesIO(RECORDING), "voice.ogg")
    tell(client, page, words="", voice=voice)
    told = rows(session)[0]
    body = session.scalar(select(Voice.body).where(Voice.feedback_id == told.id))
    assert body == RECORDING


@pytest.mark.parametrize("body", [b"MZ not a sound", b"", b"RIFF....AVI LIST"])
def test_what_is_no_recording_is_refused(
    client: Browser, hall: Node, session: Session, body: bytes
) -> None:
    failed = client.submit(
        client.get("/feedback"),
        {"voice": (io.BytesIO(body), "voice.mp3"), "reply": "page", "show": "no"},
        form="next",
        button=("next", "1"),
        status=422,
    )
    assert "这不是录音" in failed.main
    assert rows(session) == []


def test_a_draft_is_there_twenty_hours_later_and_gone_after_two_days(
    client: Browser, hall: Node, session: Session
) -> None:
    client.set_cookie("mode", "elder")
    client.submit(client.get("/feedback"), {"words": "看不清"}, form="next", button=("next", "1"))
    with clock.frozen(clock.now() + timedelta(hours=19, minutes=59)):
        page = client.get("/feedback")
        assert page.form("next").values["words"] == "看不清"
    with clock.frozen(clock.now() + timedelta(hours=49)):
        assert client.get("/feedback").form("next").values["words"] == ""


def test_a_draft_can_be_thrown_away_and_is_nobody_else_s(
    client: Browser, app: Flask, hall: Node, session: Session
) -> None:
    client.submit(
        client.get("/feedback"), {"words": "看不清", "reply": "page", "show": "no"},
        form="next", button=("next", "1"),
    )  # fmt: skip
    assert Browser(app).get("/feedback").form("next").values["words"] == ""
    page = client.get("/feedback")
    fresh = client.submit(page, form="drop", button=("drop", "1"))
    assert fresh.form("next").values["words"] == ""
    assert count_of(session, Draft) == 0


def test_a_second_press_sends_nothing_twice(client: Browser, hall: Node, session: Session) -> None:
    check = client.submit(
        client.get("/feedback"), {"words": "一", "reply": "page", "show": "no"},
        form="next", button=("next", "1"),
    )  # fmt: skip
    first = client.submit(check, button=("confirm", "1"))
    second = client.submit(check, button=("confirm", "1"))
    assert first.url == second.url
    assert len(rows(session)) == 1


def test_a_robot_is_thanked_and_nothing_is_kept(
    client: Browser, hall: Node, session: Session
) -> None:
    client.submit(
        client.get("/feedback"), {"words": "buy", "website": "http://x"},
        form="next", button=("next", "1"),
    )  # fmt: skip
    assert rows(session) == []


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_a_page_of_another_host_is_not_linked(
    client: Browser, hall: Node, session: Session, page: str
) -> None:
    own = tell(client, client.get("/feedback", query_string={"page": page}))
    assert rows(session)[0].page == ""
    assert not [href for href in own.links.values() if "evil" in href or "javascript" in href]


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 11, 23), date(2026, 11, 30)),  # Monday
        (date(2026, 11, 25), date(2026, 12, 2)),
        (date(2026, 11, 28), date(2026, 12, 4)),  # Saturday
    ],
)
@pytest.mark.one_database
def test_five_working_days(day: date, due: date) -> None:
    assert services.working_days_after(day, services.PROMISED_DAYS) == due


def test_a_question_goes_to_its_hall_and_is_never_public(
    client: Browser, hall: Node, session: Session
) -> None:
    branch = make_node(session, parent=hall, code="BR")
    session.commit()
    page = client.get("/feedback?kind=question&node=BR")
    assert page.heading == "请发短信给我"
    assert "show" not in page.form("next").values
    assert page.form("next").values["reply"] == "sms"
    tell(client, page)
    assert rows(session)[0].node_id == branch.id
    assert rows(session)[0].may_show is False


def signed_in(client: Browser, session: Session, node: Node, role: Role) -> None:
    account = make_staff(session, node=node, role=role)
    session.commit()
    client.submit(client.get("/sign-in"), {"login": account.phone, "password": PASSWORD})


def test_staff_answer_the_person_is_told_and_the_list_shows_what_was_agreed(
    client: Browser, app: Flask, hall: Node, session: Session
) -> None:
    own = tell(client, client.get("/feedback"), words="字太小，我叫王秀兰")
    signed_in(client, session, hall, Role.BRANCH_EDITOR)
    desk = client.get("/desk/feedback")
    page = client.get(desk.link("字太小"))
    assert "13800000000" in page.main
    client.submit(page, {"answer": "字放大了，谢谢您。", "shown_words": "字太小"}, form="answer")
    notice = session.scalars(select(Notice)).one()
    assert notice.recipient == "13800000000"
    assert "字放大了" in str(notice.facts)
    visitor = Browser(app)
    listed = visitor.get("/feedback/answers")
    assert "字放大了" in listed.main
    assert "王秀兰" not in listed.main
    assert "1380000" not in listed.main
    assert "字放大了" in visitor.get(own.url).main
    assert "近一年回了 1 条，按时的有 1 条" in listed.main


def test_what_may_not_be_shown_is_not_listed_even_if_staff_want_it(
    client: Browser, app: Flask, hall: Node, session: Session
) -> None:
    tell(client, client.get("/feedback"), show="no", words="悄悄话")
    told = rows(session)[0]
    staff = make_staff(session, node=hall)
    services.answer(
        session, told.id, words="好", shown_words="悄悄话", account_id=staff.id, link="/x"
    )
    session.commit()
    assert "悄悄话" not in Browser(app).get("/feedback/answers").main


def test_others_staff_see_neither_message_nor_voice(
    client: Browser, app: Flask, hall: Node, session: Session
) -> None:
    branch, other = make_node(session, parent=hall, code="A"), make_node(session, parent=hall)
    session.commit()
    tell(client, client.get("/feedback?kind=question&node=A"),
         voice=(io.BytesIO(RECORDING), "a.ogg"))  # fmt: skip
    told = rows(session)[0]
    assert told.node_id == branch.id
    signed_in(client, session, other, Role.BRANCH_EDITOR)
    assert "字太小" not in client.get("/desk/feedback").main
    client.get(f"/desk/feedback/{told.id}", status=404)
    client.get(f"/desk/feedback/{told.id}/voice", status=404)
    client = Browser(app)
    signed_in(client, session, branch, Role.BRANCH_EDITOR)
    heard = client.flask.get(f"/desk/feedback/{told.id}/voice")
    assert heard.data == RECORDING
    assert heard.content_type == "audio/ogg"
    assert "no-store" in heard.headers["Cache-Control"]


def test_late_is_said_in_words(client: Browser, hall: Node, session: Session) -> None:
    tell(client, client.get("/feedback"))
    signed_in(client, session, hall, Role.MAIN_HALL_MANAGER)
    assert "前要回" in client.get("/desk/feedback").main
    with clock.frozen(clock.now() + timedelta(days=9)):
        assert "过期了" in client.get("/desk/feedback").main


def test_a_message_can_be_taken_back_whole(client: Browser, hall: Node, session: Session) -> None:
    own = tell(client, client.get("/feedback"), voice=(io.BytesIO(RECORDING), "a.ogg"))
    gone = client.submit(own, form="withdraw")
    assert gone.heading == "留言收回了"
    told = rows(session)[0]
    assert (told.state, told.words, told.phone) == (State.WITHDRAWN, "", "")
    assert count_of(session, Voice) == 0
    client.post(own.form("withdraw").action, own.form("withdraw").values)  # again: no harm


def test_half_a_year_after_the_answer_nobody_knows_whose_it_was(
    client: Browser, hall: Node, session: Session
) -> None:
    tell(client, client.get("/feedback"), voice=(io.BytesIO(RECORDING), "a.ogg"))
    told = rows(session)[0]
    staff = make_staff(session, node=hall)
    services.answer(session, told.id, words="好", shown_words="", account_id=staff.id, link="/x")
    session.commit()
    services.forget_people()
    assert rows(session)[0].phone == "13800000000"
    with clock.frozen(clock.now() + timedelta(days=181)):
        services.forget_people()
    assert rows(session)[0].phone == ""
    assert rows(session)[0].answer == "好"
    assert count_of(session, Voice) == 0


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("start", "found"),
    [
        (b"\x00\x00\x00\x1cftypM4A ", "audio/mp4"),
        (b"\x00\x00\x00\x18ftyp3gp4", "audio/3gpp"),
        (b"#!AMR\n<", "audio/amr"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"\x1aE\xdf\xa3\x9f", "audio/webm"),
        (b"\xff\xfb\x90d", "audio/mpeg"),
        (b"<html>", None),
    ],
)
def test_recordings_are_known_by_their_first_bytes(start: bytes, found: str | None) -> None:
    assert voices.sound_type(start) == found


def test_who_closes_the_account_takes_along_what_was_said_and_leaves_no_number(
    client: Browser, hall: Node, session: Session
) -> None:
    person = make_account(session)
    session.commit()
    client.submit(client.get("/sign-in"), {"login": person.phone, "password": PASSWORD})
    tell(client, client.get("/feedback"))
    assert [one["words"] for one in personal.export(session, person)] == ["字太小"]
    personal.forget(session, person)
    session.commit()
    told = rows(session)[0]
    assert (told.account_id, told.phone, told.words) == (None, "", "")
