"""Gateways against small servers of our own: what they send, and how they fail."""

from __future__ import annotations

import email
import json
import logging
import socket
import socketserver
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from culture_cloud.config import Config, ConfigError
from culture_cloud.notifications import gateway
from culture_cloud.notifications.gateway import (
    FileGateway,
    HttpSmsGateway,
    Message,
    NotSent,
    SmtpGateway,
    gateways_for,
)
from culture_cloud.notifications.models import NoticeChannel

TEXT = Message(
    id="notice-7",
    channel=NoticeChannel.SMS,
    recipient="13800000000",
    subject="",
    text="482915 是您的号码",
    language="zh-CN",
)
LETTER = Message(
    id="notice-8",
    channel=NoticeChannel.EMAIL,
    recipient="li@example.org",
    subject="您已报名：花灯演出",
    text="您好：\n\n您已报名。\n.\n一行只有一个点。\n",
    language="zh-CN",
)
SENDER = "文化云 <cloud@culture.example>"


# --- servers -------------------------------------------------------------------------------------


@dataclass
class Mailbox:
    """What a mail server was told. `answers` replaces its answer to a command."""

    answers: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    letters: list[EmailMessage] = field(default_factory=list)
    port: int = 0


class _Smtp(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        mailbox: Mailbox = self.server.mailbox  # type: ignore[attr-defined]
        self._say(mailbox.answers.get("HELLO", "220 ready"))
        while line := self.rfile.readline().decode().strip():
            mailbox.commands.append(line)
            verb = line.split(" ")[0].split(":")[0].upper()
            if verb == "DATA" and verb not in mailbox.answers:
                self._say("354 go on")
                mailbox.letters.append(self._letter())
                self._say("250 taken")
                continue
            usual = {"EHLO": "250-here\r\n250 AUTH PLAIN", "QUIT": "221 bye", "AUTH": "235 in"}
            self._say(mailbox.answers.get(verb, usual.get(verb, "250 fine")))
            if verb == "QUIT":
                return

    def _letter(self) -> EmailMessage:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b"..") else line)
        parsed = email.message_from_bytes(b"".join(lines), policy=default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


@dataclass
class Provider:
    """What an SMS provider was sent; `status` is its answer."""

    status: int = 200
    requests: list[tuple[str | None, dict[str, str]]] = field(default_factory=list)
    url: str = ""


class _Sms(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        provider.requests.append((self.headers["Authorization"], body))
        self.send_response(provider.status)
        if provider.status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""


@contextmanager
def _serving(server: socketserver.TCPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    found = Mailbox()
    server = socketserver.TCPServer(("127.0.0.1", 0), _Smtp)
    server.mailbox = found  # type: ignore[attr-defined]
    found.port = server.server_address[1]
    with _serving(server):
        yield found


@pytest.fixture
def provider() -> Iterator[Provider]:
    found = Provider()
    server = HTTPServer(("127.0.0.1", 0), _Sms)
    server.provider = found  # type: ignore[attr-defined]
    found.url = f"http://127.0.0.1:{server.server_address[1]}/send"
    with _serving(server):
        yield found


def smtp(mailbox: Mailbox, user: str = "", query: str = "") -> SmtpGateway:
    return SmtpGateway(f"smtp://{user}127.0.0.1:{mailbox.port}{query}", sender=SENDER)


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


# --- e-mail --------------------------------------------------------------------------------------


def test_a_letter_arrives_as_it_was_written(mailbox: Mailbox) -> None:
    smtp(mailbox).send(LETTER)
    [letter] = mailbox.letters
    assert letter["Subject"] == "您已报名：花灯演出"
    assert letter["From"] == SENDER
    assert letter["To"] == "li@example.org"
    assert letter["Message-ID"] == "<notice-8@culture.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "zh-CN"
    assert letter["Date"]
    assert letter.get_content().replace("\r\n", "\n") == LETTER.text


def test_signs_in_to_the_mail_server_where_the_address_says_so(mailbox: Mailbox) -> None:
    smtp(mailbox, user="cloud:p%40ss@", query="?tls=none").send(LETTER)
    [auth] = [line for line in mailbox.commands if line.startswith("AUTH")]
    assert auth == "AUTH PLAIN AGNsb3VkAHBAc3M="  # cloud, p@ss


def test_does_not_say_its_password_to_a_server_without_encryption(mailbox: Mailbox) -> None:
    with pytest.raises(NotSent) as refused:
        smtp(mailbox, user="cloud:secret@").send(LETTER)
    assert refused.value.again
    assert not any("AUTH" in line for line in mailbox.commands)


@pytest.mark.parametrize(
    ("verb", "answer", "again"),
    [
        ("HELLO", "421 too busy", True),
        ("RCPT", "450 mailbox busy", True),
        ("RCPT", "550 no li@example.org here", False),
        ("MAIL", "451 try later", True),
        ("DATA", "554 no", True),
    ],
)
def test_knows_whether_trying_again_may_help(
    mailbox: Mailbox, verb: str, answer: str, again: bool
) -> None:
    mailbox.answers[verb] = answer
    with pytest.raises(NotSent) as refused:
        smtp(mailbox).send(LETTER)
    assert refused.value.again is again
    assert answer[:3] in str(refused.value)
    assert "li@example.org" not in str(refused.value)
    assert mailbox.letters == []


def test_a_mail_server_that_is_away_is_tried_again() -> None:
    away = SmtpGateway(f"smtp://127.0.0.1:{closed_port()}", sender=SENDER)
    with pytest.raises(NotSent) as refused:
        away.send(LETTER)
    assert refused.value.again


def test_a_mail_server_that_says_nothing_does_not_hold_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gateway, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mute = SmtpGateway(f"smtp://127.0.0.1:{silent.getsockname()[1]}", sender=SENDER)
        with pytest.raises(NotSent) as refused:
            mute.send(LETTER)
    assert refused.value.again


def test_an_address_that_would_add_a_header_is_refused(mailbox: Mailbox) -> None:
    with pytest.raises(NotSent) as refused:
        smtp(mailbox).send(replace(LETTER, recipient="li@example.org\r\nBcc: all@example.org"))
    assert not refused.value.again
    assert mailbox.commands == []


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example?tls=maybe"]
)
def test_a_mail_address_that_cannot_be_used_stops_the_start(url: str) -> None:
    with pytest.raises(ConfigError):
        SmtpGateway(url, sender=SENDER)


@pytest.mark.parametrize(
    ("url", "tls", "port"),
    [
        ("smtp://mail.example", "none", 25),
        ("smtp://u:p@mail.example", "starttls", 587),
        ("smtp://u:p@mail.example?tls=ssl", "ssl", 465),
        ("smtp://u:p@mail.example:2525?tls=none", "none", 2525),
    ],
)
def test_a_password_is_said_over_encryption_unless_told_otherwise(
    url: str, tls: str, port: int
) -> None:
    made = SmtpGateway(url, sender=SENDER)
    assert (made.tls, made.port) == (tls, port)


# --- text messages -------------------------------------------------------------------------------


def test_posts_a_text_message_with_its_token_and_id(provider: Provider) -> None:
    HttpSmsGateway(provider.url, token="sesame").send(TEXT)
    assert provider.requests == [
        ("Bearer sesame", {"id": "notice-7", "phone": "13800000000", "text": "482915 是您的号码"})
    ]


@pytest.mark.parametrize(
    ("status", "again"),
    [(500, True), (503, True), (429, True), (401, True), (302, True), (400, False), (422, False)],
)
def test_a_provider_that_refuses_is_asked_once(
    provider: Provider, status: int, again: bool
) -> None:
    provider.status = status
    with pytest.raises(NotSent) as refused:
        HttpSmsGateway(provider.url, token="sesame").send(TEXT)
    assert refused.value.again is again
    assert str(refused.value) == f"SMS: HTTP {status}"
    assert len(provider.requests) == 1


def test_a_provider_that_is_away_is_tried_again() -> None:
    away = HttpSmsGateway(f"http://127.0.0.1:{closed_port()}/", token="sesame")
    with pytest.raises(NotSent) as refused:
        away.send(TEXT)
    assert refused.value.again
    assert "sesame" not in str(refused.value)


def test_a_provider_that_says_nothing_does_not_hold_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gateway, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mute = HttpSmsGateway(f"http://127.0.0.1:{silent.getsockname()[1]}/", token=None)
        with pytest.raises(NotSent) as refused:
            mute.send(TEXT)
    assert refused.value.again


def test_a_provider_needs_a_web_address() -> None:
    with pytest.raises(ConfigError):
        HttpSmsGateway("sms.example/send", token=None)


# --- the outbox file, and which gateway is used --------------------------------------------------


def test_writes_messages_to_a_file_that_others_cannot_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    path = tmp_path / "data" / "outbox.jsonl"
    for message in (TEXT, LETTER):
        FileGateway(path).send(message)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["text"] for line in lines] == [TEXT.text, LETTER.text]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "message written to the outbox" in caplog.text
    assert not any("13800000000" in str(vars(record)) for record in caplog.records)
    assert not any("482915" in str(vars(record)) for record in caplog.records)


def test_an_outbox_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    with pytest.raises(NotSent) as refused:
        FileGateway(tmp_path).send(TEXT)
    assert refused.value.again


def test_the_settings_choose_the_gateways(config: Config) -> None:
    unset = gateways_for(config)
    assert {type(g) for g in unset.values()} == {FileGateway}
    both = gateways_for(
        replace(config, smtp_url="smtp://mail.example", sms_gateway_url="https://sms.example")
    )
    assert isinstance(both[NoticeChannel.EMAIL], SmtpGateway)
    assert isinstance(both[NoticeChannel.SMS], HttpSmsGateway)
