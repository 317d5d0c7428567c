"""flask accounts …: what the operator does with accounts."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from culture_cloud import db

from . import services
from .logins import NotALogin, read_login
from .models import Account
from .password_rules import Weakness, weakness
from .queries import account_of

accounts_group = AppGroup("accounts", help="Accounts of residents and staff.")

_WEAK = {
    Weakness.SHORT: "at least 8 characters, please",
    Weakness.LONG: "at most 128 characters, please",
    Weakness.COMMON: "many people use this password; another one, please",
    Weakness.PERSONAL: "others know this of the person; another one, please",
}


@accounts_group.command("disable")
@click.argument("login")
def disable(login: str) -> None:
    """Sign LOGIN (phone or e-mail) out everywhere and let nobody sign in with it."""
    account_id = known(login).id
    with db.transaction() as session:
        services.disable(session, account_id)
    click.echo("Disabled, and signed out everywhere.")


@accounts_group.command("enable")
@click.argument("login")
def enable(login: str) -> None:
    """Let LOGIN (phone or e-mail) sign in again."""
    account_id = known(login).id
    with db.transaction() as session:
        services.enable(session, account_id)
    click.echo("Enabled.")


def known(login: str) -> Account:
    """The account of a login; says so and stops where there is none."""
    try:
        account = account_of(db.session(), read_login(login))
    except NotALogin:
        account = None
    if account is None:
        raise click.ClickException("There is no such account.")
    return account


def asked_password(*personal: str) -> str:
    """A password typed twice on the terminal, or piped in; never an argument, which others see."""
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    weak = weakness(password, personal)
    if weak is not None:
        raise click.ClickException(_WEAK[weak].capitalize() + ".")
    return password
