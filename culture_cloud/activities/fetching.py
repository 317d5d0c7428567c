"""Fetching feeds over HTTP, from addresses of the public internet only.

Whoever may enter a feed makes this server open connections. So every host name is resolved here,
each of its addresses is checked, and the connection goes to the very address that was checked: a
name that answers otherwise a moment later (DNS rebinding) leads nowhere else. Redirects are
followed by hand, each checked anew. (OWASP ASVS 5.0, 1.3.6)
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError

from culture_cloud.tabular import N_, Reason

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NetworkRange = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], Sequence[str]]
"""Host name and port → its addresses. Raises OSError where there are none."""

MAX_BYTES = 10 * 1024 * 1024
MOST_REDIRECTS = 3
SECONDS = 10.0
"""How long a server may stay silent."""
WHOLE_SECONDS = 60.0
"""How long everything may take: one that sends a byte now and then would hold the worker."""

_AGENT = "culture-cloud (feed reader)"
_REDIRECTS = (301, 302, 303, 307, 308)
_CHUNK = 64 * 1024
_SAFE = "/%:@!$&'()*+,;=~"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

_NOT_AN_ADDRESS = N_("This is not an address of the web. It begins with http:// or https://.")
_UNKNOWN_HOST = N_("The site “%(text)s” is not found. Check the address.")
_NOT_PUBLIC = N_("“%(text)s” is not a site of the public internet.")
_NOT_REACHED = N_("The site “%(text)s” could not be reached.")
_NO_CERTIFICATE = N_("The site “%(text)s” cannot prove who it is (certificate).")
_TOO_SLOW = N_("The site “%(text)s” answers too slowly.")
_BROKEN_OFF = N_("The answer of “%(text)s” broke off.")
_TOO_MANY_REDIRECTS = N_("The address leads on and on. Enter the one where it ends.")
_BAD_STATUS = N_("The site answered with the error %(status)d.")
_NOT_THERE = N_("There is nothing at this address any more (%(status)d).")
_TOO_LARGE = N_("The answer is larger than %(limit)d MB. Ask for a shorter period.")


class NotFetched(Exception):
    """The feed could not be fetched. `reason` says why, in words."""

    def __init__(self, msgid: str, **facts: object) -> None:
        self.reason = Reason(msgid, facts)
        super().__init__(str(self.reason))


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `body` is None where nothing changed since (304)."""

    body: bytes | None
    etag: str = ""
    last_modified: str = ""


def system_resolver(host: str, port: int) -> Sequence[str]:
    """The addresses that this machine's resolver knows."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, also where it wraps an IPv4 address."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if any(part is not None and not is_public(part) for part in inner):
            return False
        if address.ipv4_mapped is not None:
            return True
        if address.is_site_local:
            return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches. `allowed` are networks that may be reached although they are not public: an
    operator's own, or a test's."""

    resolver: Resolver = system_resolver
    allowed: tuple[NetworkRange, ...] = ()
    seconds: float = SECONDS
    whole_seconds: float = WHOLE_SECONDS
    max_bytes: int = MAX_BYTES

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        """GET an address. With what an earlier answer gave, only if it changed since (RFC 9110,
        13.1). Raises NotFetched."""
        headers = {"User-Agent": _AGENT, "Accept": "text/calendar, application/json, */*;q=0.5"}
        headers["Accept-Encoding"] = "gzip, deflate"
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        deadline = time.monotonic() + self.whole_seconds
        for _step in range(MOST_REDIRECTS + 1):
            answer = self._get(_parts(url), headers, deadline)
            if isinstance(answer, Fetched):
                return answer
            url = urljoin(url, answer)
        raise NotFetched(_TOO_MANY_REDIRECTS)

    def _get(
        self, parts: SplitResult, headers: Mapping[str, str], deadline: float
    ) -> Fetched | str:
        """The answer, or the address to which it leads on."""
        host = parts.hostname or ""
        connection = self._connection(parts, self._checked_address(parts))
        watch = _Watch(deadline)
        try:
            connection.connect()
            watch.begin(connection.sock)
            connection.request(
                "GET",
                urlunsplit(
                    (
                        "",
                        "",
                        quote(parts.path, safe=_SAFE) or "/",
                        quote(parts.query, safe=_SAFE + "?"),
                        "",
                    )
                ),
                headers={**headers, "Host": _host_header(parts)},
                preload_content=False,
            )
            answer = self._answer(connection.getresponse())
            if watch.has_cut:  # an answer without a length would look whole
                raise NotFetched(_TOO_SLOW, text=host)
            return answer
        except NewConnectionError as error:
            raise NotFetched(_NOT_REACHED, text=host) from error
        except (TimeoutError, urllib3.exceptions.TimeoutError) as error:
            raise NotFetched(_TOO_SLOW, text=host) from error
        except (ssl.SSLError, urllib3.exceptions.SSLError) as error:
            raise NotFetched(_NO_CERTIFICATE, text=host) from error
        except urllib3.exceptions.ProtocolError as error:
            raise NotFetched(_TOO_SLOW if watch.has_cut else _BROKEN_OFF, text=host) from error
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            raise NotFetched(_TOO_SLOW if watch.has_cut else _NOT_REACHED, text=host) from error
        finally:
            watch.cancel()
            connection.close()

    def _checked_address(self, parts: SplitResult) -> str:
        """An address of the host. If any of its addresses is none of the public, all are refused:
        no honest site is both."""
        host = parts.hostname or ""
        try:
            found = self.resolver(_ascii(host), _port(parts))
            addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in found]
        except (OSError, ValueError) as error:
            raise NotFetched(_UNKNOWN_HOST, text=host) from error
        if not addresses:
            raise NotFetched(_UNKNOWN_HOST, text=host)
        if not all(self._may_reach(address) for address in addresses):
            raise NotFetched(_NOT_PUBLIC, text=host)
        by_four = sorted(addresses, key=lambda address: address.version)
        return str(by_four[0])

    def _may_reach(self, address: Address) -> bool:
        return is_public(address) or any(address in network for network in self.allowed)

    def _connection(self, parts: SplitResult, address: str) -> HTTPConnection:
        if parts.scheme == "http":
            return HTTPConnection(address, _port(parts), timeout=self.seconds)
        return HTTPSConnection(
            address,
            _port(parts),
            timeout=self.seconds,
            ssl_context=ssl.create_default_context(),
            server_hostname=_ascii(parts.hostname or ""),
        )

    def _answer(self, response: urllib3.BaseHTTPResponse) -> Fetched | str:
        if response.status in _REDIRECTS and response.headers.get("Location"):
            return str(response.headers["Location"])
        etag = response.headers.get("ETag", "")[:200]
        last_modified = response.headers.get("Last-Modified", "")[:80]
        if response.status == 304:
            return Fetched(None, etag, last_modified)
        if response.status in (404, 410):
            raise NotFetched(_NOT_THERE, status=response.status)
        if response.status != 200:
            raise NotFetched(_BAD_STATUS, status=response.status)
        return Fetched(self._body(response), etag, last_modified)

    def _body(self, response: urllib3.BaseHTTPResponse) -> bytes:
        body = bytearray()
        for chunk in response.stream(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > self.max_bytes:
                raise NotFetched(_TOO_LARGE, limit=self.max_bytes // (1024 * 1024))
        return bytes(body)


class _Watch:
    """Cuts a connection that takes too long in all, though it is never silent for long."""

    def __init__(self, deadline: float) -> None:
        self.has_cut = False
        self._timer = threading.Timer(max(0.0, deadline - time.monotonic()), self._cut)
        self._timer.daemon = True

    def begin(self, sock: socket.socket) -> None:
        self._socket = sock
        self._timer.start()

    def cancel(self) -> None:
        self._timer.cancel()

    def _cut(self) -> None:
        self.has_cut = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)


def check_address(url: str) -> None:
    """Refuse what is no address of a feed, without asking the network. Raises NotFetched."""
    _parts(url)


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
        host = _ascii(parts.hostname or "")
    except ValueError as error:
        raise NotFetched(_NOT_AN_ADDRESS) from error
    named = "@" in parts.netloc or any(c.isspace() or ord(c) < 32 for c in url)
    if parts.scheme not in ("http", "https") or not host or port == 0 or named:
        raise NotFetched(_NOT_AN_ADDRESS)
    return parts


def _ascii(host: str) -> str:
    """The name as the domain name system knows it; raises ValueError where it cannot be one."""
    return host if host.isascii() else host.encode("idna").decode("ascii")


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _host_header(parts: SplitResult) -> str:
    host = _ascii(parts.hostname or "")
    bracketed = f"[{host}]" if ":" in host else host
    return f"{bracketed}:{parts.port}" if parts.port else bracketed
