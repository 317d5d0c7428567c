"""Pages by which a forgotten password is set anew."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from culture_cloud import db
from culture_cloud.web import modes, throttle
from culture_cloud.web.fields import text_of
from culture_cloud.web.policies import public
from culture_cloud.web.stepwise import Page, Steps, carried, turn

from . import passwords, resets
from .errors import ResetEnded
from .forms import WEAKNESS_WORDS, AskResetForm, CodeForm, NewPasswordForm
from .logins import Login, read_login
from .models import Account
from .password_rules import weakness
from .signing_in import see_out
from .tokens import new_token

PREFIX = "/reset-password"
bp = Blueprint("reset", __name__, url_prefix=PREFIX)

ASK = throttle.Limit("reset", 3, timedelta(hours=1))
"""For one account, whoever asks: nobody's phone is flooded."""
ASK_ADDRESS = throttle.Limit("reset-address", 20, timedelta(hours=1))
TRY_CODE = throttle.Limit("reset-code", 5, resets.CODE_LASTS)
TRY_ADDRESS = throttle.Limit("reset-code-address", 30, resets.CODE_LASTS)


def reset_address() -> str:
    """The address of the first page, as it stands in messages."""
    return f"{current_app.config['PUBLIC_URL']}{PREFIX}"


def link_base() -> str:
    """What a letter's link begins with; the token follows."""
    return f"{reset_address()}/link"


@bp.route("", methods=["GET", "POST"])
@public
def ask() -> Response | str | tuple[str, int]:
    """Ask for a link or code. The answer is the same whether or not there is such an account."""
    form = AskResetForm()
    if not form.is_submitted():
        return render_template("accounts/reset_ask.html", form=form)
    if not form.validate():
        return render_template("accounts/reset_ask.html", form=form), 422
    login, attempt = read_login(text_of(form.login)), new_token()
    if not form.from_robot:
        _put_down(login, attempt)
    if login.phone:
        return redirect(url_for("reset.by_code", attempt=attempt), code=303)
    return redirect(url_for("reset.sent"), code=303)


def _put_down(login: Login, attempt: str) -> None:
    with db.transaction() as writing:
        throttle.check(writing, ASK, login.text)
        throttle.check(writing, ASK_ADDRESS, throttle.caller_address())
        throttle.record(writing, ASK, login.text)
        throttle.record(writing, ASK_ADDRESS, throttle.caller_address())
        resets.ask(writing, login=login, attempt=attempt)


@bp.get("/sent")
@public
def sent() -> str:
    """A letter is on its way, if there is an account."""
    return render_template("accounts/reset_sent.html")


@bp.route("/code/<attempt>", methods=["GET", "POST"])
@public
def by_code(attempt: str) -> Response | str | tuple[str, int]:
    """Give the code from the text message, and a new password; in elder mode one after the other
    (EL-13). The code is tried together with the password, so that no page tells whether it fits.
    """
    form = CodeForm()
    steps = Steps(
        questions=("code", "new_password"),
        one_by_one=modes.current_mode() == modes.ELDER,
        has_check=False,
    )
    if not form.is_submitted():
        return _code_page(form, steps, steps.pages[0])
    found = turn(steps, form, request.form)
    if found.page is not None:
        html = _code_page(form, steps, found.page)
        return (html, 422) if found.failed else html
    _count_try(attempt)
    try:
        code = "".join(c for c in text_of(form.code) if c.isdecimal())
        if _is_set(form, token=attempt, code=code):
            return _done()
    except ResetEnded:
        form.code.errors = [
            _("This code does not fit, or it is older than 15 minutes. Please look again.")
        ]
    wrong = "code" if form.code.errors else "new_password"
    return _code_page(form, steps, steps.page_of(wrong)), 422


def _code_page(form: CodeForm, steps: Steps, page: Page) -> str:
    kept = carried(form, steps, page)
    return render_template("accounts/reset_code.html", form=form, steps=steps, page=page, kept=kept)


def _count_try(attempt: str) -> None:
    with db.transaction() as writing:
        throttle.check(writing, TRY_CODE, attempt)
        throttle.check(writing, TRY_ADDRESS, throttle.caller_address())
        throttle.record(writing, TRY_CODE, attempt)
        throttle.record(writing, TRY_ADDRESS, throttle.caller_address())


@bp.route("/link/<token>", methods=["GET", "POST"])
@public
def by_link(token: str) -> Response | str | tuple[str, int]:
    """The address in the letter: a new password."""
    form = NewPasswordForm()
    try:
        if not form.is_submitted():
            resets.find(db.session(), token=token)
            return render_template("accounts/reset_link.html", form=form)
        if form.validate() and _is_set(form, token=token):
            return _done()
    except ResetEnded:
        return render_template("accounts/reset_ended.html"), ResetEnded.status
    return render_template("accounts/reset_link.html", form=form), 422


def _is_set(form: NewPasswordForm, *, token: str, code: str | None = None) -> bool:
    """Set the password. Raises ResetEnded; False where the password says too much of the person."""
    account: Account = resets.find(db.session(), token=token, code=code)
    weak = weakness(text_of(form.new_password), (account.name, account.phone, account.email))
    if weak is not None:
        form.new_password.errors = [WEAKNESS_WORDS[weak]]
        return False
    password_hash = passwords.hashed(text_of(form.new_password))
    with db.transaction() as writing:
        resets.use(
            writing, token=token, code=code, password_hash=password_hash, link=reset_address()
        )
    return True


def _done() -> Response:
    return see_out(redirect(url_for("reset.done"), code=303))


@bp.get("/done")
@public
def done() -> str:
    """The new password holds: sign in with it."""
    return render_template("accounts/reset_done.html")
