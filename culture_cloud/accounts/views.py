"""Pages of signing in, registering and signing out."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from culture_cloud import db, i18n
from culture_cloud.errors import Unavailable
from culture_cloud.web import modes, throttle
from culture_cloud.web.fields import text_of
from culture_cloud.web.policies import public
from culture_cloud.web.redirects import own_path, redirect_back
from culture_cloud.web.stepwise import Page, Steps, carried, turn

from . import passwords, services
from .errors import AlreadyRegistered
from .forms import RegisterForm, SignInForm
from .logins import read_login
from .models import Account
from .signing_in import let_in, note_visit, prove, see_out

bp = Blueprint("accounts", __name__)

REGISTER = throttle.Limit("register", 20, timedelta(hours=1))
"""By address; a service point registers many people from one."""


@bp.before_app_request
def keep_sign_in() -> None:
    """A visit lets the sign-in last on. Where it cannot be noted now, the next one will."""
    cookie = current_app.config["SIGN_IN_COOKIE_NAME"]
    if cookie not in request.cookies or request.path.startswith("/static/"):
        return
    if current_user.is_authenticated:
        try:
            note_visit(current_user.sign_in_id)
        except Unavailable:
            current_app.logger.warning("a visit could not be noted")


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Response | str | tuple[str, int]:
    """Sign in by phone or e-mail and password, then go on to `next`. In elder mode the two are
    asked one after the other (EL-13)."""
    form, steps = SignInForm(), _steps("login", "password")
    form.next.data = own_path(request.values.get("next")) or ""
    if not form.is_submitted():
        if current_user.is_authenticated:
            return redirect_back(url_for("account.own"))
        return _sign_in_page(form, steps, steps.pages[0])
    found = turn(steps, form, request.form)
    if found.page is not None:
        html = _sign_in_page(form, steps, found.page)
        return (html, 422) if found.failed else html
    account = prove(text_of(form.login), text_of(form.password))
    if account is not None:
        return let_in(account, text_of(form.password), redirect_back("/"))
    form.password.errors = [
        _("This password does not fit. Is your number right?")
        if steps.one_by_one
        else _("This password does not fit. Please type both again.")
    ]
    return _sign_in_page(form, steps, steps.page_of("password")), 422


def _steps(*questions: str) -> Steps:
    """The password comes last, so that it travels once."""
    is_elder = modes.current_mode() == modes.ELDER
    return Steps(questions=questions, one_by_one=is_elder, has_check=False)


def _sign_in_page(form: SignInForm, steps: Steps, page: Page) -> str:
    kept = [("next", text_of(form.next)), *carried(form, steps, page)]
    return render_template("accounts/sign_in.html", form=form, steps=steps, page=page, kept=kept)


@bp.route("/register", methods=["GET", "POST"])
@public
def register() -> Response | str | tuple[str, int]:
    """Make an account and sign in with it; one question a page in elder mode (EL-13)."""
    form, steps = RegisterForm(), _steps("name", "login", "new_password")
    form.next.data = own_path(request.values.get("next")) or ""
    if not form.is_submitted():
        return _register_page(form, steps, steps.pages[0])
    if form.from_robot:
        return redirect("/", code=303)
    found = turn(steps, form, request.form)
    if found.page is not None:
        html = _register_page(form, steps, found.page)
        return (html, 422) if found.failed else html
    account = _registered(form)
    if account is not None:
        return let_in(account, text_of(form.new_password), redirect_back(url_for("account.own")))
    form.login.errors = [_("There is an account with it already. Sign in with it.")]
    return _register_page(form, steps, steps.page_of("login"), taken=True), 422


def _register_page(form: RegisterForm, steps: Steps, page: Page, *, taken: bool = False) -> str:
    return render_template(
        "accounts/register.html",
        form=form,
        steps=steps,
        page=page,
        kept=[("next", text_of(form.next)), *carried(form, steps, page)],
        taken=taken,
    )


def _registered(form: RegisterForm) -> Account | None:
    """The new account. The same form sent twice, or by somebody who forgot that there is an
    account, leads to the one there is, where the password fits; else None."""
    with db.transaction() as writing:
        throttle.check(writing, REGISTER, throttle.caller_address())
        throttle.record(writing, REGISTER, throttle.caller_address())
    password_hash = passwords.hashed(text_of(form.new_password))
    try:
        with db.transaction() as writing:
            account_id = services.register(
                writing,
                name=text_of(form.name),
                login=read_login(text_of(form.login)),
                password_hash=password_hash,
                locale=i18n.select_locale(),
            )
    except AlreadyRegistered:
        return prove(text_of(form.login), text_of(form.new_password))
    return db.session().get_one(Account, account_id)


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    """End this sign-in. Pressed a second time it does no harm."""
    if current_user.is_authenticated:
        account_id, sign_in_id = current_user.account_id, current_user.sign_in_id
        with db.transaction() as writing:
            services.end_sign_in(writing, account_id=account_id, sign_in_id=sign_in_id)
    return see_out(redirect(url_for("accounts.signed_out"), code=303))


@bp.get("/signed-out")
@public
def signed_out() -> str:
    """Says that it is done, and what one can do now."""
    return render_template("accounts/signed_out.html")
