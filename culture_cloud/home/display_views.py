"""显示设置: every display setting on a plain page of buttons, one press each (EL-22).

A form of another page may send single settings here too, with `next` for where to go then.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from culture_cloud import db, i18n
from culture_cloud.accounts import services
from culture_cloud.web import display, modes
from culture_cloud.web.policies import public
from culture_cloud.web.redirects import own_path

from .display_groups import groups, keys

bp = Blueprint("display", __name__, url_prefix="/display")


@bp.get("")
@public
def page() -> str:
    """The settings, a sample of text in their look, and the way back."""
    return render_template(
        "home/display.html",
        groups=groups(display.current()),
        keys=keys(),
        back=_came_from(),
        saved=request.args.get("saved", ""),
    )


@bp.post("")
@public
def save() -> Response:
    """Keep the settings that were sent, and leave the others as they are."""
    settings = display.current()
    for name in display.CHOICES:
        if name in request.form:
            settings = settings.choose(name, request.form[name])
    mode = _known(request.form.get("mode"), modes.MODES)
    locale = _known(request.form.get("lang"), i18n.LOCALES)
    _keep_in_account(settings, mode=mode, locale=locale)
    pressed = next(
        (name for name in (*display.CHOICES, "mode", "lang") if name in request.form), ""
    )
    response = _answer(pressed)
    display.keep(response, settings)
    if mode is not None:
        modes.set_preference(response, modes.COOKIE, mode)
    if locale is not None:
        modes.set_preference(response, i18n.COOKIE, locale)
    return response


@bp.post("/reset")
@public
def reset() -> Response:
    """重置: all settings as they were at first; version and language are no part of it."""
    _keep_in_account(display.DEFAULT)
    response = _answer("reset")
    display.keep(response, display.DEFAULT)
    return response


def _known(value: str | None, known: object) -> str | None:
    return value if value is not None and value in known else None  # type: ignore[operator]


def _keep_in_account(
    settings: display.Display, *, mode: str | None = None, locale: str | None = None
) -> None:
    if not current_user.is_authenticated:
        return
    account_id = current_user.account_id
    with db.transaction() as writing:
        services.set_display(
            writing, account_id=account_id, display=settings.text, mode=mode, locale=locale
        )


def _answer(pressed: str) -> Response:
    """Back to the group in which a button was pressed; a form elsewhere goes where it says."""
    back = own_path(request.form.get("next"))
    if "stay" not in request.form and back is not None:
        return redirect(back, code=303)
    place = pressed or None
    return redirect(
        url_for("display.page", next=back, saved=place, _anchor=place and f"set-{place}"), code=303
    )


def _came_from() -> str:
    """The page to go back to: named by `next`, else the one that led here, else the front page."""
    asked = own_path(request.args.get("next"))
    if asked is not None:
        return asked
    referrer = urlsplit(request.referrer or "")
    path = own_path(referrer.path + (f"?{referrer.query}" if referrer.query else ""))
    if path is None or referrer.netloc != request.host or path.startswith(request.path):
        return url_for("home.index")
    return path
