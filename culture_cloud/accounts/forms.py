"""What people are asked about their account."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import Field, Form, HiddenField, PasswordField, StringField
from wtforms.validators import ValidationError

from culture_cloud.i18n import OWN_NAMES
from culture_cloud.web import modes
from culture_cloud.web.fields import (
    AtMost,
    ChoiceField,
    HoneypotMixin,
    IsPhone,
    Needed,
    PhoneField,
    one_line,
)
from culture_cloud.web.fields import lazy as _l

from .logins import Login, NotALogin, normal_email, read_login
from .password_rules import Weakness, weakness
from .passwords import MOST_LENGTH

WEAKNESS_WORDS = {
    Weakness.SHORT: _l("Please use at least 8 characters"),
    Weakness.LONG: _l("Please use at most 128 characters"),
    Weakness.COMMON: _l("Many people use this password. Please think of another one"),
    Weakness.PERSONAL: _l("Others know this about you. Please think of another password"),
}


class IsLogin:
    """The text is a phone number or an e-mail address."""

    def __call__(self, _form: Form, field: Field) -> None:
        try:
            read_login(field.data)
        except NotALogin:
            message = _l("Please give a phone number, such as 138 0000 0000, or an e-mail address")
            raise ValidationError(message) from None


class IsEmail:
    """The text is an e-mail address; an empty field passes."""

    def __call__(self, _form: Form, field: Field) -> None:
        try:
            if field.data:
                normal_email(field.data)
        except NotALogin:
            message = _l("Please give an e-mail address, such as li@example.com")
            raise ValidationError(message) from None


class IsGoodPassword:
    """The password is long enough and none that everybody tries first."""

    def __call__(self, form: Form, field: Field) -> None:
        known = [form[name].data for name in ("login", "name") if name in form]
        known += [login.text for login in [_login_of(form)] if login is not None]
        weak = weakness(field.data or "", known)
        if weak is not None:
            raise ValidationError(str(WEAKNESS_WORDS[weak]))


def _login_of(form: Form) -> Login | None:
    try:
        return read_login(form["login"].data) if "login" in form else None
    except NotALogin:
        return None


def _login_field(label: str, description: str | None = None) -> StringField:
    needed = Needed(_l("Please give your phone number or e-mail address"))
    return StringField(
        label,
        [needed, AtMost(254, _l("Please shorten the address")), IsLogin()],
        filters=[one_line],
        description=description or "",
    )


def _name_field() -> StringField:
    return StringField(
        _l("Your name"),
        [Needed(_l("Please give your name")), AtMost(80, _l("Please shorten the name"))],
        filters=[one_line],
    )


def _new_password_field(label: str) -> PasswordField:
    return PasswordField(
        label,
        [Needed(_l("Please think of a password")), IsGoodPassword()],
        description=_l("At least 8 characters. A short sentence is easy to remember."),
    )


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Phone or e-mail, and password; `next` is where to go then."""

    login = _login_field(_l("Phone number or e-mail address"))
    password = PasswordField(
        _l("Password"),
        [
            Needed(_l("Please give your password")),
            AtMost(MOST_LENGTH, _l("This password is too long. Please type it again")),
        ],
    )
    next = HiddenField()


class RegisterForm(HoneypotMixin, FlaskForm):  # type: ignore[misc]
    """What a new account needs."""

    name = _name_field()
    login = _login_field(
        _l("Phone number or e-mail address"), _l("You will sign in with it. One is enough.")
    )
    new_password = _new_password_field(_l("Password"))
    next = HiddenField()


class AskResetForm(HoneypotMixin, FlaskForm):  # type: ignore[misc]
    """For which account."""

    login = _login_field(_l("Phone number or e-mail address of your account"))


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """After opening the link."""

    new_password = _new_password_field(_l("New password"))


class CodeForm(NewPasswordForm):
    """After receiving the code."""

    code = StringField(
        _l("Code from the text message"),
        [Needed(_l("Please give the code from the text message"))],
        filters=[one_line],
        description=_l("Six digits"),
    )


class ChangePasswordForm(FlaskForm):  # type: ignore[misc]
    """Signed in: the old one shows that it is the owner who asks."""

    password = PasswordField(
        _l("Your present password"), [Needed(_l("Please give your present password"))]
    )
    new_password = _new_password_field(_l("New password"))


class DetailsForm(FlaskForm):  # type: ignore[misc]
    """Name and addresses. The password shows that it is the owner who asks."""

    name = _name_field()
    phone = PhoneField(_l("Phone number"), [IsPhone()], filters=[one_line])
    email = StringField(_l("E-mail address"), [IsEmail()], filters=[one_line])
    password = PasswordField(
        _l("Your password"),
        [Needed(_l("Please give your password"))],
        description=_l("So that nobody else changes this for you"),
    )

    def validate_phone(self, field: PhoneField) -> None:
        if not field.data and not self.email.data:
            raise ValidationError(_l("Please keep a phone number or an e-mail address"))


class DisplayForm(FlaskForm):  # type: ignore[misc]
    """How the site looks for this person, on every device."""

    mode = ChoiceField(
        _l("Which version of the site?"),
        [Needed(_l("Please choose a version"))],
        choices=[
            (modes.STANDARD, _l("Standard version")),
            (modes.ELDER, _l("Elder version: large letters, simple pages")),
        ],
    )
    locale = ChoiceField(
        _l("Which language?"),
        [Needed(_l("Please choose a language"))],
        choices=list(OWN_NAMES.items()),
    )


class PressedForm(FlaskForm):  # type: ignore[misc]
    """A button alone; it only carries its token."""
