"""What pages offer to hear, what is said of them, and what they say where nobody can speak."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.activities import services
from culture_cloud.activities.models import Activity, ActivityState
from culture_cloud.jobs.models import Job
from culture_cloud.network.models import Node
from culture_cloud.sign_ups import services as sign_up_services
from culture_cloud.sign_ups.models import SignUp
from culture_cloud.speech.speaking import listening
from culture_cloud.speech.text import in_words
from tests import factories
from tests.client import Browser, Page, words
from tests.sign_ups.wishes import wish

from .conftest import FAILS, HANGS, MP3_HEAD, SPEAKS, Voice, heard


@pytest.fixture
def hall(session: Session) -> Node:
    factories.make_network(session)
    hall = factories.make_node(
        session, code="HALL", name="文化馆", plate_name="云岭县文化馆", about="馆里有两间排练厅。"
    )
    session.commit()
    return hall


@pytest.fixture
def activity(session: Session, hall: Node) -> Activity:
    made = factories.make_activity(
        session, node=hall, title="合唱团排练", bring="水杯", description="唱老歌。\n\n都能来。"
    )
    session.commit()
    return made


def said_on(page: Page, client: Browser) -> str:
    """What the player of the page says (the test's program writes what it is given)."""
    source = page.one("audio").get("src") or ""
    body = heard(client, source).data
    said: str = json.loads(body.removeprefix(MP3_HEAD))["text"]
    return said


def test_the_page_of_an_activity_has_a_player_in_both_modes(
    any_mode: Browser, activity: Activity, voice: Voice
) -> None:
    voice(SPEAKS)
    page = any_mode.get(f"/activities/{activity.id}")
    player = page.one("audio")
    assert player.get("controls") is not None
    assert player.get("preload") == "none"
    assert player.get("autoplay") is None
    label = page.one("figcaption", id=player.get("aria-labelledby") or "")
    assert words(label)
    said = said_on(page, any_mode)
    for fact in ("合唱团排练", "云岭县文化馆", "水杯", "唱老歌", "都能来", "零八七七"):
        assert fact in said
    assert not any(digit in said for digit in "0123456789")


def test_menus_are_not_read(client: Browser, activity: Activity, voice: Voice) -> None:
    voice(SPEAKS)
    page = client.get(f"/activities/{activity.id}")
    said = said_on(page, client)
    assert not [item for item in ("登录", "附近的馆", "长者版", "English") if item in said]


def test_a_page_that_changed_is_never_read_as_it_was(
    client: Browser, session: Session, activity: Activity, voice: Voice
) -> None:
    voice(SPEAKS)
    before = client.get(f"/activities/{activity.id}")
    activity.title = "合唱团演出"
    session.commit()
    after = client.get(f"/activities/{activity.id}")
    assert before.one("audio").get("src") != after.one("audio").get("src")
    assert "合唱团演出" in said_on(after, client)
    assert "合唱团排练" in said_on(before, client), "who listens just now hears the end"


def test_a_cancelled_activity_says_so_first(
    client: Browser, session: Session, activity: Activity, voice: Voice
) -> None:
    voice(SPEAKS)
    activity.state, activity.state_reason = ActivityState.CANCELLED, "老师病了"
    session.commit()
    said = said_on(client.get(f"/activities/{activity.id}"), client)
    assert "老师病了" in said
    assert said.index("老师病了") < said.index("水杯")


def test_a_sign_up_changes_the_sound_only_when_places_run_out(
    client: Browser, session: Session, activity: Activity, voice: Voice
) -> None:
    voice(SPEAKS)
    heard = []
    for taken in (0, 3, 16, 20):
        activity.allotments[0].taken = taken
        session.commit()
        heard.append(client.get(f"/activities/{activity.id}").one("audio").get("src"))
    assert heard[0] == heard[1]
    assert len(set(heard)) == 3


def test_the_reader_chooses_how_fast(client: Browser, activity: Activity, voice: Voice) -> None:
    voice(SPEAKS)
    usual = client.get(f"/activities/{activity.id}").one("audio").get("src")
    client.set_cookie("display", "voice=0.75")
    source = client.get(f"/activities/{activity.id}").one("audio").get("src") or ""
    assert source != usual
    body = heard(client, source).data
    assert json.loads(body.removeprefix(MP3_HEAD))["speed"] == 0.75


def test_the_page_of_a_hall_says_hours_address_and_phone(
    client: Browser, hall: Node, voice: Voice
) -> None:
    voice(SPEAKS)
    said = said_on(client.get("/nodes/HALL"), client)
    for fact in ("文化馆", "文化路一号", "零八七七，五五五，零幺零幺", "排练厅"):
        assert fact in said


def test_the_sound_of_a_hall_does_not_change_with_the_clock(
    client: Browser, hall: Node, session: Session, voice: Voice
) -> None:
    from datetime import UTC, datetime, time

    voice(SPEAKS)
    for weekday in range(7):
        factories.make_hours(session, node=hall, weekday=weekday, opens=time(9), closes=time(17))
    session.commit()
    sources = set()
    for hour in (1, 4, 8):
        with clock.frozen(datetime(2026, 5, 6, hour, 30, tzinfo=UTC)):
            sources.add(client.get("/nodes/HALL").one("audio").get("src"))
    assert len(sources) == 1


def test_the_help_page_can_be_heard(client: Browser, hall: Node, voice: Voice) -> None:
    voice(SPEAKS)
    page = client.get("/help")
    assert page.heading in said_on(page, client)


@pytest.fixture
def ticket(session: Session, activity: Activity) -> SignUp:
    token = sign_up_services.sign_up(session, wish(activity)).token
    made = session.scalars(select(SignUp).where(SignUp.token == token)).one()
    made.code = "118305"
    session.commit()
    return made


def test_a_ticket_says_its_number_twice_and_nobody_s_name(
    client: Browser, ticket: SignUp, voice: Voice
) -> None:
    voice(SPEAKS)
    page = client.get(f"/sign-ups/{ticket.token}")
    said = said_on(page, client)
    assert said.count("幺幺八，三零五") == 2
    assert ticket.name not in said
    source = page.one("audio").get("src") or ""
    assert heard(client, source).headers["Cache-Control"].startswith("private")


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_without_a_voice_there_is_no_player_and_the_page_says_whom_to_call(
    client: Browser, activity: Activity, mode: str
) -> None:
    client.set_cookie("mode", mode)
    for address in (f"/activities/{activity.id}", "/nodes/HALL", "/help"):
        page = client.get(address)
        assert page.all("audio") == []
        told = [p for p in page.all("p", class_="listen") if "0877-5550100" in words(p)]
        assert len(told) == 1


def test_an_english_page_is_not_read_by_a_chinese_voice(
    client: Browser, activity: Activity, voice: Voice
) -> None:
    voice(SPEAKS)
    client.set_cookie("lang", "en")
    assert client.get(f"/activities/{activity.id}").all("audio") == []


@pytest.mark.parametrize("source", [HANGS, FAILS])
def test_a_voice_that_is_broken_never_touches_the_page(
    client: Browser, activity: Activity, voice: Voice, source: str
) -> None:
    voice(source, seconds=0.5)
    page = client.get(f"/activities/{activity.id}")
    heard(client, page.one("audio").get("src") or "", status=503)
    assert client.get(f"/activities/{activity.id}?again=1").heading == "合唱团排练"


def test_the_statement_says_whether_the_site_can_speak(
    client: Browser, hall: Node, voice: Voice
) -> None:
    before = client.get("/accessibility").main
    voice(SPEAKS)
    assert client.get("/accessibility?again=1").main != before


# --- every page ----------------------------------------------------------------------------------


ALL = ("/", "/activities", "/nodes", "/about", "/accessibility", "/display", "/sign-in")


@pytest.mark.parametrize("address", ALL)
def test_every_public_page_can_be_heard_without_its_menus(
    client: Browser, activity: Activity, voice: Voice, address: str
) -> None:
    voice(SPEAKS)
    page = client.get(address)
    said = said_on(page, client)
    assert in_words(page.heading).strip("，。") in said
    for menu in ("跳到正文", "回到标准版", "免费使用，没有广告"):
        assert menu not in said


def test_of_a_form_the_questions_are_said_and_never_what_was_typed(
    client: Browser, hall: Node, voice: Voice
) -> None:
    voice(SPEAKS)
    page = client.get("/my/sign-ups?phone=13800010002")
    said = said_on(page, client)
    assert "电话" in said
    assert "幺三八" not in said


def test_each_paragraph_of_the_page_has_its_place_in_the_sound(
    client: Browser, activity: Activity, voice: Voice
) -> None:
    tells = "print('lines begin at ' + ' '.join(map(str, range(99))), file=sys.stderr)"
    voice(f"import sys; {tells}; {SPEAKS}")
    page = client.get(f"/activities/{activity.id}")
    source = page.one("figure", class_="listen").get("data-marks") or ""
    marks = json.loads(heard(client, source).data)
    assert marks["marks"][0] == [0, "合唱团排练"]
    assert any("水杯" in shown for _second, shown in marks["marks"])


@pytest.mark.parametrize("mode", ["standard", "elder"])
def test_a_page_has_one_player(
    client: Browser, activity: Activity, voice: Voice, mode: str
) -> None:
    voice(SPEAKS)
    client.set_cookie("mode", mode)
    for address in (*ALL, f"/activities/{activity.id}", "/nodes/HALL", "/help"):
        assert len(client.get(address).all("audio")) == 1, address


def test_invented_searches_do_not_fill_the_disk(
    app: Flask, activity: Activity, voice: Voice, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from collections import deque

    speech = voice(SPEAKS)
    speech.noted = deque(maxlen=3)
    monkeypatch.setattr("culture_cloud.speech.speaking.NEW_TEXTS_AN_HOUR", 3)
    with app.app_context():
        offered = [listening([f"第{number}种说法"]) for number in range(6)]
    assert [audio is not None for audio in offered] == [True] * 3 + [False] * 3


# --- ahead ---------------------------------------------------------------------------------------


def test_publishing_has_the_page_read_ahead(
    session: Session,
    activity: Activity,
    client: Browser,
    voice: Voice,
    folder: Path,
    run_jobs: Callable[[], int],
) -> None:
    voice(SPEAKS)
    activity.state = ActivityState.SUBMITTED
    session.commit()
    services.publish(session, activity.id)
    session.commit()
    run_jobs()
    assert len(list(folder.glob("*.mp3"))) == 1
    voice(FAILS)
    assert "合唱团排练" in said_on(client.get(f"/activities/{activity.id}"), client)


def test_many_are_read_a_few_at_a_time(
    app: Flask,
    session: Session,
    hall: Node,
    voice: Voice,
    folder: Path,
    run_jobs: Callable[[], int],
) -> None:
    voice(SPEAKS)
    for _number in range(12):
        factories.make_activity(session, node=hall)
    services.ask_to_speak(session)
    services.ask_to_speak(session)
    session.commit()
    assert run_jobs() == 1, "one job serves for all"
    assert len(list(folder.glob("*.mp3"))) == 10
    waiting = session.scalars(select(Job).where(Job.name == "activities.speak_ahead")).one()
    session.commit()
    with clock.frozen(waiting.due_at):
        run_jobs()
    assert len(list(folder.glob("*.mp3"))) == 12


def test_a_broken_voice_is_not_tried_on_every_page_ahead(
    app: Flask,
    session: Session,
    hall: Node,
    voice: Voice,
    folder: Path,
    run_jobs: Callable[[], int],
) -> None:
    voice(FAILS)
    for _number in range(3):
        factories.make_activity(session, node=hall)
    services.ask_to_speak(session)
    session.commit()
    run_jobs()
    assert len(list(folder.glob("*.failed"))) == 1
    assert session.scalars(select(Job)).all() == []
