"""Display modes: standard and elder mode 长者版 (EL-01 to EL-05), and the language switch.

The mode is an attribute on <html>; CSS tokens and a few macros know it. It is kept in a cookie
without personal data; `?mode=elder` on any address enters it (printed QR codes use that) and
`?mode=standard` leaves it, on the same page.
"""

from __future__ import annotations

import unicodedata
from urllib.parse import urlencode

from flask import Flask, current_app, redirect, request
from werkzeug.wrappers import Response

from culture_cloud import i18n

from .policies import public

STANDARD, ELDER = "standard", "elder"
MODES = (STANDARD, ELDER)
COOKIE = "mode"
COOKIE_SECONDS = 400 * 24 * 3600
NAMES = tuple(
    name + ending
    for name in ("长者", "长辈", "关怀", "关爱", "亲情", "大字", "老年", "老人", "适老", "敬老")
    for ending in ("版", "模式")
)
"""What people call the elder version, from other sites and telephones (EL-05)."""
ALIASES = (
    *("/zhang", "/zhangzheban", "/elder", "/guanhuai", "/dazi"),
    *("/zhangbeiban", "/guanhuaiban", "/guanaiban", "/qinqingban", "/daziban", "/laonianban"),
)
"""Short addresses that are easy to say on the phone or to print (EL-05)."""


def current_mode() -> str:
    return known_mode(request.cookies.get(COOKIE))


def known_mode(value: str | None) -> str:
    """The mode that a cookie's value means; anything else is standard."""
    return ELDER if value == ELDER else STANDARD


def names_elder_mode(text: str) -> bool:
    """Whether somebody who searches for this text looks for the elder version."""
    bare = "".join(unicodedata.normalize("NFKC", text).split()).strip("。，、？?！!「」“”\"'")
    bare = bare.removeprefix("切换到").removeprefix("打开").removeprefix("进入")
    return bare in NAMES or bare in {name.translate(_TRADITIONAL) for name in NAMES}


_TRADITIONAL = str.maketrans("长辈关怀爱亲适", "長輩關懷愛親適")


def switch_url(**choice: str) -> str:
    """This page again, with the choice made: `switch_url(mode="elder")`.

    A page that answered a POST is asked for again by its path; its form is shown empty there.
    """
    kept = [(k, v) for k, v in request.args.items(multi=True) if k not in {"mode", "lang"}]
    return f"{request.path}?{urlencode([*kept, *choice.items()])}"


def init_app(app: Flask) -> None:
    app.before_request(_apply_switches)
    for alias in ALIASES:
        app.add_url_rule(alias, f"mode_alias_{alias[1:]}", _enter_elder_mode)

    @app.context_processor
    def mode_context() -> dict[str, object]:
        mode = current_mode()
        other_mode = STANDARD if mode == ELDER else ELDER
        locale = i18n.select_locale()
        return {
            "mode": mode,
            "lang": i18n.LOCALES[locale],
            "switch_mode_url": switch_url(mode=other_mode),
            "other_languages": [
                (switch_url(lang=other), i18n.OWN_NAMES[other], tag)
                for other, tag in i18n.LOCALES.items()
                if other != locale
            ],
            "is_converted": locale == i18n.TRADITIONAL,
        }


@public
def _enter_elder_mode() -> Response:
    return redirect("/?mode=elder", code=302)


def _apply_switches() -> Response | None:
    if request.method not in {"GET", "HEAD"}:
        return None
    mode, locale = request.args.get("mode"), request.args.get("lang")
    if mode is None and locale is None:
        return None
    kept = [(k, v) for k, v in request.args.items(multi=True) if k not in {"mode", "lang"}]
    response = redirect(request.path + ("?" + urlencode(kept) if kept else ""), code=303)
    if mode is not None and mode in MODES:
        set_preference(response, COOKIE, mode)
    if locale is not None and locale in i18n.LOCALES:
        set_preference(response, i18n.COOKIE, locale)
    response.headers["Cache-Control"] = "no-store"
    return response


def set_preference(response: Response, name: str, value: str) -> None:
    """Keep a display preference on this device for 400 days (EL-02)."""
    response.set_cookie(
        name,
        value,
        max_age=COOKIE_SECONDS,
        samesite="Lax",
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        path="/",
    )
