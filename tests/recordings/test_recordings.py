"""Staff read pages aloud: preferred while the words are the same, never heard when they changed."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud.access.permissions import Role
from culture_cloud.activities.models import Activity
from culture_cloud.audit.models import AuditEntry
from culture_cloud.network.models import Node
from culture_cloud.recordings.models import Recording
from tests import factories
from tests.client import Browser
from tests.signing_in import sign_in
from tests.speech.conftest import SPEAKS, Voice, voice  # noqa: F401  (a fixture)


def wav(seconds: float = 2) -> bytes:
    """Silence, as a recorder writes it."""
    samples = b"\0\0" * int(8000 * seconds)
    return (
        b"RIFF" + struct.pack("<I", 36 + len(samples)) + b"WAVEfmt "
        + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
        + b"data" + struct.pack("<I", len(samples)) + samples
    )  # fmt: skip


@pytest.fixture
def hall(session: Session) -> Node:
    factories.make_network(session)
    made = factories.make_node(session, code="HALL", name="文化馆", about="馆里有两间排练厅。")
    session.commit()
    return made


@pytest.fixture
def activity(session: Session, hall: Node) -> Activity:
    made = factories.make_activity(session, node=hall, title="合唱团排练", description="唱老歌。")
    session.commit()
    return made


@pytest.fixture
def staff(client: Browser, session: Session, hall: Node) -> Browser:
    account = factories.make_staff(session, node=hall, role=Role.MAIN_HALL_MANAGER, name="张丽琴")
    session.commit()
    sign_in(client, account)
    return client


def send(client: Browser, address: str, body: bytes, name: str = "a.wav", **facts: Any) -> Any:
    page = client.get(address)
    status = facts.pop("status", 200)
    return client.submit(
        page, {"sound": (io.BytesIO(body), name), **facts}, form="sound", status=status
    )


def heard_on(client: Browser, address: str) -> str:
    return client.get(address).one("audio").get("src") or ""


def test_a_recording_is_preferred_and_says_who_speaks(
    staff: Browser,
    activity: Activity,
    voice: Voice,  # noqa: F811
) -> None:
    voice(SPEAKS)
    page = f"/activities/{activity.id}"
    assert heard_on(staff, page).startswith("/listen/")
    send(staff, f"/desk/recordings/activity/{activity.id}", wav(), spoken_by="张丽琴，云岭话")
    source = heard_on(staff, page)
    assert source.startswith("/recordings/")
    assert "张丽琴，云岭话" in staff.get(page).main
    with staff.flask.get(source) as whole:
        assert (whole.status_code, whole.mimetype, whole.data) == (200, "audio/wav", wav())
    with staff.flask.get(source, headers={"Range": "bytes=0-3"}) as part:
        assert (part.status_code, part.data) == (206, b"RIFF")


def test_it_is_heard_where_no_machine_can_speak(staff: Browser, activity: Activity) -> None:
    send(staff, f"/desk/recordings/activity/{activity.id}", wav())
    assert heard_on(staff, f"/activities/{activity.id}").startswith("/recordings/")


def test_a_changed_page_is_never_heard_in_old_words(
    staff: Browser,
    session: Session,
    activity: Activity,
    voice: Voice,  # noqa: F811
) -> None:
    voice(SPEAKS)
    send(staff, f"/desk/recordings/activity/{activity.id}", wav())
    session.get_one(Activity, activity.id).description = "改唱新歌。"
    session.commit()
    assert heard_on(staff, f"/activities/{activity.id}").startswith("/listen/")
    assert "网页改过了" in staff.get("/desk/recordings").main


def test_signing_up_does_not_make_it_stale(
    staff: Browser, session: Session, activity: Activity
) -> None:
    send(staff, f"/desk/recordings/activity/{activity.id}", wav())
    session.get_one(Activity, activity.id).allotments[0].taken = 18
    session.commit()
    assert heard_on(staff, f"/activities/{activity.id}").startswith("/recordings/")


def test_words_that_changed_while_reading_make_it_stale_at_once(
    staff: Browser, session: Session, activity: Activity
) -> None:
    form = staff.get(f"/desk/recordings/activity/{activity.id}")
    session.get_one(Activity, activity.id).description = "改唱新歌。"
    session.commit()
    after = staff.submit(form, {"sound": (io.BytesIO(wav()), "a.wav")}, form="sound")
    assert "刚改过" in after.main
    assert staff.get(f"/activities/{activity.id}").all("audio") == []


@pytest.mark.parametrize(
    ("body", "name", "told"),
    [
        (b"", "", "请选一段录音"),
        (b"", "a.mp3", "空"),
        (b"not a sound at all", "a.mp3", "录音"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 50, "a.mp3", ""),
        (b"fLaC" + b"0" * 50, "a.flac", "MP3"),
    ],
)
def test_what_is_no_recording_is_refused_in_words(
    staff: Browser, session: Session, activity: Activity, body: bytes, name: str, told: str
) -> None:
    page = send(
        staff, f"/desk/recordings/activity/{activity.id}", body, name, spoken_by="李", status=422
    )
    assert page.title.startswith("错误")
    assert told in page.main
    assert page.form("sound").values["spoken_by"] == "李"
    assert session.scalars(select(Recording)).all() == []


def test_the_page_of_a_hall_and_the_help_page_can_be_read_too(
    staff: Browser, activity: Activity
) -> None:
    for kind, address in (("node/HALL", "/nodes/HALL"), ("page/help", "/help")):
        send(staff, f"/desk/recordings/{kind}", wav())
        assert heard_on(staff, address).startswith("/recordings/")


def test_it_can_be_taken_off_and_is_written_down(
    staff: Browser, session: Session, activity: Activity
) -> None:
    address = f"/desk/recordings/activity/{activity.id}"
    send(staff, address, wav())
    source = heard_on(staff, f"/activities/{activity.id}")
    staff.submit(staff.get(f"{address}/remove"))
    assert staff.get(f"/activities/{activity.id}").all("audio") == []
    assert staff.flask.get(source).status_code == 404
    noted = session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject_kind == "recording")
    ).all()
    assert sorted(noted) == ["put_up", "removed"]


def test_others_pages_are_as_if_they_were_not_there(
    client: Browser, session: Session, activity: Activity
) -> None:
    elsewhere = factories.make_node(session, name="别处")
    account = factories.make_staff(session, node=elsewhere, role=Role.BRANCH_EDITOR)
    session.commit()
    sign_in(client, account)
    for kind in (f"activity/{activity.id}", "node/HALL", "page/help", "nothing/1", "activity/x"):
        client.get(f"/desk/recordings/{kind}", status=404)
    client.get("/desk/recordings")
