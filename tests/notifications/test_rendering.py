"""Notices in words: the reader's language, code first, short enough for a text message."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, g
from jinja2 import UndefinedError
from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import clock
from culture_cloud.notifications.gateway import Message
from culture_cloud.notifications.models import Notice, NoticeChannel
from culture_cloud.notifications.rendering import SMS_CHARACTERS, render, short
from culture_cloud.notifications.services import notify
from tests import factories

from .facts import SIGN_UP, TEMPLATES

APRIL = datetime(2026, 4, 20, tzinfo=UTC)


def rendered(
    session: Session, template: str, facts: dict[str, Any], locale: str = "en"
) -> dict[str, Message]:
    with clock.frozen(APRIL):
        notify(
            session,
            key=f"{template}:{locale}",
            template=template,
            facts=facts,
            locale=locale,
            phone="13800000000",
            email="li@example.org",
        )
        notices = session.scalars(select(Notice).where(Notice.key.startswith(template)))
        return {notice.channel: render(notice) for notice in notices}


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("locale", ["en", "zh_Hans_CN"])
def test_every_notice_reads_whole_in_both_languages(
    session: Session, template: str, locale: str
) -> None:
    messages = rendered(session, template, TEMPLATES[template], locale)
    letter, text = messages[NoticeChannel.EMAIL], messages[NoticeChannel.SMS]
    assert letter.subject
    assert "\n" not in letter.subject
    assert len(letter.text.splitlines()) > 3
    assert "\n\n\n" not in letter.text
    assert not text.subject
    for written in (letter.subject, letter.text, text.text):
        assert "None" not in written
        assert "%(" not in written
        assert "2026-05" not in written
        assert "  " not in written


WITHOUT_CODE = {"accounts/password_changed", "accounts/deleted", "sign_ups/thanks"}


@pytest.mark.parametrize("template", [t for t in TEMPLATES if t not in WITHOUT_CODE])
def test_a_text_message_begins_with_its_code(session: Session, template: str) -> None:
    text = rendered(session, template, TEMPLATES[template])[NoticeChannel.SMS].text
    assert text.startswith(("482915", "739204"))


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("locale", ["en", "zh_Hans_CN"])
def test_a_text_message_is_short_however_long_the_facts_are(
    session: Session, template: str, locale: str
) -> None:
    factories.make_network(session, site_name="云" * 60, phone="0877-5550100")
    session.commit()
    long = TEMPLATES[template] | {"title": "灯" * 120, "place": "楼" * 80, "reason": "雨" * 200}
    text = rendered(session, template, long, locale)[NoticeChannel.SMS].text
    assert len(text) <= SMS_CHARACTERS
    assert not text.endswith("…"), f"cut off: {text}"


def test_a_letter_tells_when_where_and_how_many(session: Session) -> None:
    letter = rendered(session, "sign_ups/confirmed", SIGN_UP)[NoticeChannel.EMAIL]
    for fact in ("Friday 1 May, 9:30 am to 11:00 am", "一楼小剧场", "2 people", "482915",
                 "0877-5550101", "https://culture.example/ticket/abc", "李秀兰"):  # fmt: skip
        assert fact in letter.text


def test_optional_facts_may_be_missing(session: Session) -> None:
    needed = {k: SIGN_UP[k] for k in ("title", "starts_at", "ends_at", "code", "place", "text")}
    for template in TEMPLATES:
        if template.startswith("sign_ups/"):
            rendered(session, template, needed)


def test_a_needed_fact_that_is_missing_is_an_error_and_not_a_gap(session: Session) -> None:
    with pytest.raises(UndefinedError):
        rendered(session, "sign_ups/confirmed", {k: SIGN_UP[k] for k in ("starts_at", "ends_at")})


def test_a_title_cannot_add_lines_to_the_subject(session: Session) -> None:
    spoilt = SIGN_UP | {"title": "花灯\r\nBcc: all@example.org"}
    letter = rendered(session, "sign_ups/confirmed", spoilt)[NoticeChannel.EMAIL]
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject


def test_what_people_wrote_is_not_escaped_as_html(session: Session) -> None:
    odd = SIGN_UP | {"title": "Tom & <Jerry>"}
    assert "Tom & <Jerry>" in rendered(session, "sign_ups/confirmed", odd)["email"].text


def test_the_language_of_one_notice_does_not_stay_for_the_next(app_context: Flask) -> None:
    with Session(app_context.extensions["database"].write_engine) as session:
        rendered(session, "sign_ups/confirmed", SIGN_UP, "en")
    assert g.get("locale") is None


def test_cuts_with_an_ellipsis() -> None:
    assert short("一二三四五", 5) == "一二三四五"
    assert short("一二三四五六", 5) == "一二三四…"
