"""flask accounts create|grant|revoke: accounts together with the roles they hold."""

from __future__ import annotations

import click
from sqlalchemy import select

from culture_cloud import db
from culture_cloud.accounts import passwords
from culture_cloud.accounts import services as account_services
from culture_cloud.accounts.commands import accounts_group, asked_password, known
from culture_cloud.accounts.errors import AlreadyRegistered
from culture_cloud.accounts.logins import NotALogin, read_login
from culture_cloud.network.models import Node

from . import services
from .permissions import Role

__all__ = ["accounts_group"]  # taken from here, the group has the commands of this file too

_roles = click.Choice([role.value for role in Role])


@accounts_group.command("create")
@click.argument("login")
@click.option("--name", prompt=True, help="What the person is called.")
@click.option("--role", type=_roles, help="What the person is at the node.")
@click.option("--node", "node_code", help="Code of the node; all below it is included.")
def create(login: str, name: str, role: str | None, node_code: str | None) -> None:
    """Make an account for LOGIN (phone or e-mail), with a role at a node where given."""
    if (role is None) != (node_code is None):
        raise click.UsageError("--role and --node belong together.")
    try:
        read = read_login(login)
    except NotALogin:
        raise click.BadParameter("a phone number or an e-mail address, please") from None
    node_id = _node_id(node_code) if node_code else None
    password_hash = passwords.hashed(asked_password(login, name))
    try:
        with db.transaction() as session:
            account_id = account_services.register(
                session, name=name, login=read, password_hash=password_hash
            )
            if role is not None and node_id is not None:
                services.grant(session, account_id=account_id, node_id=node_id, role=Role(role))
    except AlreadyRegistered:
        raise click.ClickException("There is an account with this login already.") from None
    click.echo("The account is made.")


@accounts_group.command("grant")
@click.argument("login")
@click.option("--role", type=_roles, required=True)
@click.option("--node", "node_code", required=True, help="Code of the node.")
def grant(login: str, role: str, node_code: str) -> None:
    """Let LOGIN hold a role at a node and all below it."""
    account_id, node_id = known(login).id, _node_id(node_code)
    with db.transaction() as session:
        services.grant(session, account_id=account_id, node_id=node_id, role=Role(role))
    click.echo("The role is given.")


@accounts_group.command("revoke")
@click.argument("login")
@click.option("--role", type=_roles, required=True)
@click.option("--node", "node_code", required=True, help="Code of the node.")
def revoke(login: str, role: str, node_code: str) -> None:
    """Take a role at a node away from LOGIN."""
    account_id, node_id = known(login).id, _node_id(node_code)
    with db.transaction() as session:
        services.revoke(session, account_id=account_id, node_id=node_id, role=Role(role))
    click.echo("The role is taken away.")


def _node_id(code: str) -> int:
    found = db.session().scalar(select(Node.id).where(Node.code == code))
    if found is None:
        raise click.ClickException(f"There is no node with the code {code}.")
    return found
