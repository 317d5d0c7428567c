"""How pages look and behave for this reader: one cookie, read without ever failing (EL-22, EL-23).

The settings become attributes on <html>, and CSS does the rest. What CSS cannot do (a ruler that
follows the pointer) is a small script, loaded only where its setting asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

from .modes import set_preference

COOKIE = "display"
MAX_LENGTH = 200
"""More than all settings together need; a longer text was not written by us."""

CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "size": ("18", "21", "24", "27", "30", "36"),
        "scheme": (
            *("light", "dark", "black-white", "black-cream"),
            *("white-black", "cream-black", "yellow-black", "yellow-navy"),
        ),
        "spacing": ("wide",),
        "pointer": ("big",),
        "ruler": ("row", "cross"),
        "caption": ("on",),
        "motion": ("none",),
        "voice": ("0.75", "1.25"),
    }
)
"""What may be chosen besides the default, which is always the empty text: size of the mode in px,
colours and motion as the device has them, everything else as usual or off."""


@dataclass(frozen=True, slots=True)
class Display:
    """The display settings of one reader; an empty text is the default."""

    size: str = ""
    scheme: str = ""
    spacing: str = ""
    pointer: str = ""
    ruler: str = ""
    caption: str = ""
    motion: str = ""
    voice: str = ""

    @property
    def chosen(self) -> dict[str, str]:
        """What differs from the default, by name; the attributes `data-<name>` of <html>."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def text(self) -> str:
        """The settings as the cookie and the account keep them; `parse` reads them again."""
        return "&".join(f"{name}={value}" for name, value in self.chosen.items())

    @property
    def scripts(self) -> tuple[str, ...]:
        """The static files that these settings need, none by default."""
        return tuple(f"js/{name}.js" for name in ("ruler", "caption") if self.chosen.get(name))

    @property
    def voice_speed(self) -> float:
        """How fast to read aloud; 1 is usual (EL-20)."""
        return float(self.voice or 1)

    def choose(self, name: str, value: str) -> Display:
        """These settings with one changed; anything unknown changes nothing."""
        if value and value not in CHOICES.get(name, ()):
            return self
        return replace(self, **{name: value}) if name in CHOICES else self


DEFAULT = Display()


def parse(text: str | None) -> Display:
    """Settings from a cookie or an account. What we did not write is passed over, never an error;
    named twice, the last one counts."""
    found = DEFAULT
    if not text or len(text) > MAX_LENGTH:
        return found
    for part in text.split("&"):
        name, _, value = part.partition("=")
        found = found.choose(name, value)
    return found


def normal(text: str | None) -> str:
    """The one text among all that mean the same settings."""
    return parse(text).text


def current() -> Display:
    """The settings of this request's reader."""
    return parse(request.cookies.get(COOKIE))


def keep(response: Response, settings: Display) -> None:
    """Keep the settings on this device for 400 days; defaults need no cookie (EL-02)."""
    if settings != DEFAULT:
        set_preference(response, COOKIE, settings.text)
        return
    response.delete_cookie(
        COOKIE,
        samesite="Lax",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        path="/",
    )


def init_app(app: Flask) -> None:
    @app.context_processor
    def display_context() -> dict[str, object]:
        return {"display": current()}
