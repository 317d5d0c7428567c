"""All settings of one running site. Nothing else reads the environment."""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class ConfigError(RuntimeError):
    """A setting is missing or cannot be used; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Config:
    """Settings read once at start.

    Units: sizes in bytes, times in seconds unless the name says otherwise.
    """

    data_folder: Path
    database_url: str
    secret_key: str
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    processes: int = 1
    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    https: bool = False
    proxy_hops: int = 0
    time_zone: str = "Asia/Shanghai"
    base_url: str | None = None
    smtp_url: str | None = None
    mail_from: str = "culture-cloud@localhost"
    sms_gateway_url: str | None = None
    sms_gateway_token: str | None = None
    max_upload_bytes: int = 12 * 1024 * 1024
    max_media_bytes: int = 200 * 1024 * 1024
    accel_prefix: str = ""
    on_site_networks: tuple[str, ...] = ()
    page_cache: bool = True
    speech: str = "off"
    pdf: str = "off"
    #: whoosh, whoosh-stock or postgresql
    search: str = "whoosh"
    search_log: bool = True
    production: bool = False
    testing: bool = False

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Build the settings from environment variables (docs/operators.md lists them).

        Raises ConfigError where production lacks its secret or a number is not a number.
        """
        env = os.environ if environ is None else environ
        data_folder = Path(env.get("CULTURE_CLOUD_DATA") or PROJECT_ROOT / "instance").resolve()
        production = _flag(env, "CULTURE_CLOUD_PRODUCTION")
        host = env.get("HOST", "127.0.0.1")
        port = _number(env, "PORT", 8000)
        database_url = env.get("DATABASE_URL") or f"sqlite:///{data_folder / 'culture-cloud.db'}"
        hosts = env.get("CULTURE_CLOUD_HOSTS", "")
        trusted = tuple(name.strip() for name in hosts.split(",") if name.strip())
        return cls(
            data_folder=data_folder,
            database_url=_with_driver(database_url),
            secret_key=_secret_key(env, data_folder, production=production),
            host=host,
            port=port,
            threads=_number(env, "CULTURE_CLOUD_THREADS", 8),
            processes=_number(env, "CULTURE_CLOUD_PROCESSES", 1),
            trusted_hosts=trusted or ("127.0.0.1", "localhost", "[::1]", host),
            https=_flag(env, "CULTURE_CLOUD_HTTPS"),
            proxy_hops=_number(env, "CULTURE_CLOUD_PROXY_HOPS", 0),
            time_zone=env.get("CULTURE_CLOUD_TIME_ZONE", "Asia/Shanghai"),
            base_url=env.get("CULTURE_CLOUD_BASE_URL") or None,
            smtp_url=env.get("SMTP_URL") or None,
            mail_from=env.get("MAIL_FROM", "culture-cloud@localhost"),
            sms_gateway_url=env.get("SMS_GATEWAY_URL") or None,
            sms_gateway_token=env.get("SMS_GATEWAY_TOKEN") or None,
            max_media_bytes=_number(env, "CULTURE_CLOUD_MAX_MEDIA_MB", 200) * 1024 * 1024,
            on_site_networks=_networks(env.get("CULTURE_CLOUD_ON_SITE", "")),
            accel_prefix=env.get("CULTURE_CLOUD_ACCEL_PREFIX", ""),
            page_cache=env.get("CULTURE_CLOUD_PAGE_CACHE", "1") != "0",
            speech=env.get("CULTURE_CLOUD_SPEECH") or "auto",
            pdf=env.get("CULTURE_CLOUD_PDF") or "auto",
            search=_search_engine(env, database_url),
            search_log=env.get("CULTURE_CLOUD_SEARCH_LOG", "1") != "0",
            production=production,
        )

    @property
    def public_url(self) -> str:
        """Where the site is reached from outside, without a trailing slash."""
        if self.base_url:
            return self.base_url.rstrip("/")
        scheme = "https" if self.https else "http"
        return f"{scheme}://{self.host}:{self.port}"

    @property
    def session_cookie(self) -> str:
        """Over HTTPS the __Host- prefix ties the cookie to this host and path (ASVS 3.3.3)."""
        return "__Host-session" if self.https else "session"

    @property
    def sign_in_cookie(self) -> str:
        return "__Host-sign-in" if self.https else "sign-in"

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def _flag(env: Mapping[str, str], name: str) -> bool:
    return env.get(name, "").lower() in {"1", "true", "yes", "on"}


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name) or str(default)
    try:
        return int(text)
    except ValueError:
        raise ConfigError(f"{name} must be a whole number, not {text!r}") from None


def _networks(text: str) -> tuple[str, ...]:
    """Networks of the halls (CIDR), parted by commas. Raises ConfigError."""
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    for network in found:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            raise ConfigError(
                f"CULTURE_CLOUD_ON_SITE: {network!r} is no network, such as 10.0.3.0/24"
            ) from None
    return found


SEARCH_ENGINES = ("whoosh", "whoosh-stock", "postgresql")


def _search_engine(env: Mapping[str, str], database_url: str) -> str:
    """PostgreSQL searches where it keeps the data, so that many machines see one index."""
    on_postgresql = not database_url.startswith("sqlite")
    chosen = env.get("CULTURE_CLOUD_SEARCH") or ("postgresql" if on_postgresql else "whoosh")
    if chosen not in SEARCH_ENGINES or (chosen == "postgresql" and not on_postgresql):
        raise ConfigError(
            f"CULTURE_CLOUD_SEARCH must be one of {', '.join(SEARCH_ENGINES)}"
            " (postgresql only with a PostgreSQL DATABASE_URL)"
        )
    return chosen


def _with_driver(url: str) -> str:
    """Name the PostgreSQL driver, so that operators can paste the URL their host gives them."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _secret_key(env: Mapping[str, str], data_folder: Path, *, production: bool) -> str:
    """The signing secret: from the environment, else kept in the data folder.

    In production it must be given: a secret that a lost folder would replace signs everybody out
    and breaks every link in a letter that was already sent.
    """
    given = env.get("CULTURE_CLOUD_SECRET_KEY")
    if given:
        return given
    if production:
        raise ConfigError("CULTURE_CLOUD_SECRET_KEY must be set in production")
    kept = data_folder / "secret-key"
    data_folder.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return kept.read_text().strip()
    with os.fdopen(handle, "w") as file:
        secret = secrets.token_urlsafe(48)
        file.write(secret)
    return secret
