"""From template name and facts to words in the reader's language.

templates/notices/<feature>/<name>.txt is the letter: its first line is the subject.
templates/notices/<feature>/<name>.sms.txt is the text message: at most 140 characters, code first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import Flask, current_app, g
from flask_babel import force_locale
from jinja2 import Environment, StrictUndefined

from culture_cloud import i18n
from culture_cloud.network.site import current_site
from culture_cloud.web.fields import one_line

from .gateway import Message
from .models import Notice, NoticeChannel

SMS_CHARACTERS = 140


def init_app(app: Flask) -> None:
    """The app's own templates, with a missing fact being an error instead of a gap."""
    app.add_template_filter(short)
    app.extensions["notice_templates"] = app.jinja_env.overlay(undefined=StrictUndefined)


def render(notice: Notice) -> Message:
    """The message of a notice. Raises jinja2's TemplateNotFound or UndefinedError where the code
    that asked for it named a template or left out a fact wrongly."""
    channel = NoticeChannel(notice.channel)
    with _in_locale(notice.locale):
        subject, text = _words(notice.template, channel, notice.facts)
        return Message(
            id=f"notice-{notice.id}",
            channel=channel,
            recipient=notice.recipient,
            subject=subject,
            text=text,
            language=i18n.language_tag(),
        )


def letter(notice: Notice) -> tuple[str, str]:
    """Subject and text of a notice in the language of whoever reads this page: for the inbox, and
    for what staff say on the phone."""
    return _words(notice.template, NoticeChannel.EMAIL, notice.facts)


def _words(template: str, channel: NoticeChannel, facts: Mapping[str, Any]) -> tuple[str, str]:
    ending = ".sms.txt" if channel == NoticeChannel.SMS else ".txt"
    known = {name: _moment(name, value) for name, value in facts.items()}
    environment: Environment = current_app.extensions["notice_templates"]
    name = f"notices/{template}{ending}"
    written = environment.get_template(name).render(site=current_site(), **known)
    if channel == NoticeChannel.SMS:
        return "", short(one_line(written), SMS_CHARACTERS)
    subject, _, body = written.strip().partition("\n")
    return one_line(subject), body.strip() + "\n"


def short(text: str, most: int) -> str:
    """The text, cut with … where it is longer than `most` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _moment(name: str, value: Any) -> Any:
    is_moment = name.endswith(("_at", "_until")) and value
    return datetime.fromisoformat(value) if is_moment else value


@contextmanager
def _in_locale(locale: str) -> Iterator[None]:
    before = g.get("locale")
    g.locale = locale
    try:
        with force_locale(locale):
            yield
    finally:
        g.locale = before
