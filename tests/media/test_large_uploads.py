"""A gigabyte sent to a small machine: refused in words, or taken piece by piece."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from culture_cloud.access.permissions import Role
from tests.client import Browser
from tests.factories import make_node, make_staff
from tests.signing_in import sign_in

pytestmark = [pytest.mark.slow, pytest.mark.one_database]

MB = 1 << 20
PIECE = b"\x00" * MB
LINE = "line-between-the-parts"
END = f"\r\n--{LINE}--\r\n".encode()
FILM = b"\x00\x00\x00\x18ftypisom" + b"\x00" * 500


@pytest.fixture
def port(client: Browser) -> Iterator[int]:
    server = make_server("localhost", 0, client.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.port
    server.shutdown()
    thread.join()
    server.server_close()


# the form parser drops what it had taken when it stops in the middle; it goes with the answer
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("megabytes", "chunked", "status"),
    [(1024, False, 413), (1024, True, 413), (150, False, 303)],
    ids=["says how much it is", "does not say", "fits"],
)
def test_a_large_upload_takes_no_memory(
    client: Browser,
    session: Session,
    port: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    megabytes: int,
    chunked: bool,
    status: int,
) -> None:
    waiting = tmp_path / "tmp"
    waiting.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(waiting))
    account = make_staff(session, node=make_node(session), role=Role.MAIN_HALL_MANAGER)
    session.commit()
    sign_in(client, account)
    form = client.get("/desk/heritage/new").form("/new")
    before = psutil.Process().memory_info().rss
    most = 0

    def body() -> Iterator[bytes]:
        nonlocal most
        yield head
        for number in range(megabytes):
            if number % 16 == 0:
                most = max(most, psutil.Process().memory_info().rss - before)
            yield PIECE
        yield END

    head = _fields({**form.values, "alt": "过江"})
    length = None if chunked else len(head) + megabytes * MB + len(END)
    got, page = _sent(client, port, body(), length)
    assert got == status, page[:300]
    assert most < 64 * MB, f"{most // MB} MB"
    if status == 413:
        assert "太大" in page
    assert not list(waiting.iterdir())
    data = Path(str(client.app.config["DATA_FOLDER"]))
    assert not list(data.rglob("*.part"))


def _fields(values: dict[str, str]) -> bytes:
    """The form up to where the film begins (RFC 7578)."""
    parts = [
        f'--{LINE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in values.items()
        if name != "files"
    ]
    told = 'Content-Disposition: form-data; name="files"; filename="film.mp4"'
    return "".join([*parts, f"--{LINE}\r\n{told}\r\n\r\n"]).encode() + FILM


def _sent(client: Browser, port: int, body: Iterator[bytes], length: int | None) -> tuple[int, str]:
    """Send it piece by piece, as far as the other side listens; (status, page)."""
    connection = http.client.HTTPConnection("localhost", port, timeout=120)
    connection.putrequest("POST", "/desk/heritage/new")
    cookies = [
        found
        for name in (
            client.app.config["SIGN_IN_COOKIE_NAME"],
            client.app.config["SESSION_COOKIE_NAME"],
        )
        if (found := client.flask.get_cookie(name)) is not None
    ]
    headers = {
        "Cookie": "; ".join(f"{one.key}={one.value}" for one in cookies),
        "Content-Type": f"multipart/form-data; boundary={LINE}",
        "Connection": "close",
    }
    headers |= (
        {"Transfer-Encoding": "chunked"} if length is None else {"Content-Length": str(length)}
    )
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    try:
        for piece in body:
            connection.send(piece if length else b"%x\r\n%s\r\n" % (len(piece), piece))
        if length is None:
            connection.send(b"0\r\n\r\n")
    except OSError:
        pass  # it has said no and hung up; what it said may still be read
    with connection.getresponse() as answer:
        return answer.status, answer.read().decode()
