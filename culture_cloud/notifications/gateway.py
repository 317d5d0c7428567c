"""Gateways: where a message leaves the house.

A gateway either has handed the message over when `send` returns, or raises NotSent. Its errors name
neither recipient nor content, so that they may be logged and shown to staff.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import urllib3
from flask import Flask

from culture_cloud import clock
from culture_cloud.config import Config, ConfigError

from .models import NoticeChannel

log = logging.getLogger(__name__)

SECONDS = 10
"""How long a server may stay silent; a dropped packet would hold the worker for ever."""


class NotSent(Exception):
    """The message was not handed over. `again`: whether trying later may help."""

    def __init__(self, why: str, *, again: bool = True) -> None:
        super().__init__(why)
        self.again = again


@dataclass(frozen=True, slots=True)
class Message:
    """One message, ready to send. `id` stays the same however often it is sent."""

    id: str
    channel: NoticeChannel
    recipient: str
    #: empty for a text message
    subject: str
    text: str
    #: BCP 47
    language: str


class Gateway(Protocol):
    """Hands messages to people's phones or mailboxes."""

    def send(self, message: Message) -> None:
        """Hand the message over. Raises NotSent."""


Gateways = Mapping[NoticeChannel, Gateway]


def init_app(app: Flask, config: Config) -> None:
    app.extensions["gateways"] = gateways_for(config)


def gateways_for(config: Config) -> Gateways:
    """The gateways that the settings name; without settings messages go to a file.

    Raises ConfigError where an address cannot be used.
    """
    outbox = FileGateway(config.data_folder / "outbox.jsonl")
    return {
        NoticeChannel.EMAIL: (
            SmtpGateway(config.smtp_url, sender=config.mail_from) if config.smtp_url else outbox
        ),
        NoticeChannel.SMS: (
            HttpSmsGateway(config.sms_gateway_url, token=config.sms_gateway_token)
            if config.sms_gateway_url
            else outbox
        ),
    }


class FileGateway:
    """Appends each message to a file, one JSON object a line: for trying the site out."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, message: Message) -> None:
        line = json.dumps({"at": clock.now().isoformat(), **asdict(message)}, ensure_ascii=False)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                file.write(line + "\n")
        except OSError as error:
            raise NotSent(f"the outbox cannot be written: {type(error).__name__}") from None
        log.info("message written to the outbox", extra={"channel": message.channel.value})


class SmtpGateway:
    """Sends e-mail through the server of `smtp://user:password@host:port?tls=starttls`.

    `tls` is starttls, ssl or none. Unless it is said, a server that asks for a password is only
    spoken to over starttls.
    """

    def __init__(self, url: str, *, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "smtp" or not parts.hostname:
            raise ConfigError("SMTP_URL must look like smtp://user:password@host:587?tls=starttls")
        self.host = parts.hostname
        self.user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self.tls = parse_qs(parts.query).get("tls", ["starttls" if self.user else "none"])[0]
        if self.tls not in {"starttls", "ssl", "none"}:
            raise ConfigError("tls in SMTP_URL must be starttls, ssl or none")
        self.port = parts.port or {"starttls": 587, "ssl": 465, "none": 25}[self.tls]
        self.sender = sender

    def send(self, message: Message) -> None:
        try:
            letter = self._letter(message)
        except ValueError:
            raise NotSent("the address cannot be written to", again=False) from None
        try:
            with self._connected() as server:
                if self.tls == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self._password)
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            codes = {code for code, _ in error.recipients.values()}
            permanent = all(code >= 500 for code in codes)
            raise NotSent(f"SMTP: recipient refused {sorted(codes)}", again=not permanent) from None
        except smtplib.SMTPResponseException as error:
            raise NotSent(f"SMTP: {type(error).__name__} {error.smtp_code}") from None
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise NotSent(f"SMTP: {type(error).__name__}") from None

    def _connected(self) -> smtplib.SMTP:
        if self.tls == "ssl":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=SECONDS)

    def _letter(self, message: Message) -> EmailMessage:
        letter = EmailMessage()
        letter["Subject"] = message.subject
        letter["From"] = self.sender
        letter["To"] = message.recipient
        letter["Date"] = format_datetime(clock.now())
        # the same for every try: mailboxes drop a letter they already have
        domain = self.sender.rpartition("@")[2].strip(" >") or "localhost"
        letter["Message-ID"] = f"<{message.id}@{domain}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(message.text)
        letter["Content-Language"] = message.language  # after the text, which takes its place
        return letter


class HttpSmsGateway:
    """Posts {"id", "phone", "text"} as JSON, with a bearer token, to an SMS provider's adapter.

    Any 2xx means accepted; a provider that knows the id must not send it twice.
    """

    def __init__(self, url: str, *, token: str | None) -> None:
        if urlsplit(url).scheme not in {"http", "https"}:
            raise ConfigError("SMS_GATEWAY_URL must begin with https:// or http://")
        self.url = url
        self._token = token
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=SECONDS / 2, read=SECONDS), retries=False
        )

    def send(self, message: Message) -> None:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        body = {"id": message.id, "phone": message.recipient, "text": message.text}
        try:
            answer = self._pool.request(
                "POST", self.url, json=body, headers=headers, redirect=False
            )
        except urllib3.exceptions.HTTPError as error:
            raise NotSent(f"SMS: {type(error).__name__}") from None
        if not 200 <= answer.status < 300:
            refused = answer.status in {400, 404, 410, 422}
            raise NotSent(f"SMS: HTTP {answer.status}", again=not refused)


@dataclass
class RecordingGateway:
    """Keeps messages for tests. While `down` holds a reason, it sends nothing."""

    messages: list[Message] = field(default_factory=list)
    down: NotSent | None = None

    def send(self, message: Message) -> None:
        if self.down is not None:
            raise self.down
        self.messages.append(message)
