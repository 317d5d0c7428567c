"""Who is asking: the reader behind a request, signed in or not."""

from __future__ import annotations

from functools import cached_property

from flask import Flask, Request, current_app, g, has_request_context
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from culture_cloud import audit, clock, db
from culture_cloud.accounts.models import Account, SignIn
from culture_cloud.accounts.tokens import token_hash

from .permissions import Permission
from .scope import Grant, Scope, grants_of, scope_of


class Actor(UserMixin):  # type: ignore[misc]
    """Somebody who is signed in."""

    def __init__(self, account: Account, sign_in_id: int, grants: tuple[Grant, ...]) -> None:
        self.account_id = account.id
        self.name = account.name
        self.phone = account.phone
        self.email = account.email
        self.sign_in_id = sign_in_id
        self.grants = grants

    def get_id(self) -> str:
        return str(self.account_id)

    @cached_property
    def is_staff(self) -> bool:
        return bool(self.grants)

    def scope(self, permission: Permission) -> Scope:
        """Where in the tree the permission is held."""
        return scope_of(self.grants, permission)

    def may(self, permission: Permission) -> bool:
        """Whether the permission is held anywhere."""
        return bool(self.scope(permission))


class Visitor(AnonymousUserMixin):  # type: ignore[misc]
    """Somebody who is not signed in."""

    account_id = None
    name = ""
    phone = None
    email = None
    is_staff = False

    def scope(self, _permission: Permission) -> Scope:
        return Scope(())

    def may(self, _permission: Permission) -> bool:
        return False


def init_app(app: Flask) -> None:
    manager = LoginManager()
    manager.session_protection = None
    manager.anonymous_user = Visitor
    manager.request_loader(load_actor)
    manager.init_app(app)
    audit.ask_who(_asking)


def _asking() -> int | None:
    """The account behind the request; None in jobs and commands, and for who is not signed in."""
    return current_user.account_id if has_request_context() else None


def load_actor(request: Request) -> Actor | None:
    """The actor whose sign-in the request's cookie holds; None where it was revoked or ended."""
    token = request.cookies.get(current_app.config["SIGN_IN_COOKIE_NAME"])
    if not token:
        return None
    g.personal = True
    return find_actor(db.session(), token)


def find_actor(session: Session, token: str) -> Actor | None:
    sign_in = session.scalar(
        select(SignIn)
        .options(joinedload(SignIn.account))
        .where(SignIn.token_hash == token_hash(token), SignIn.expires_at > clock.now())
    )
    if sign_in is None or not sign_in.account.active:
        return None
    return Actor(sign_in.account, sign_in.id, grants_of(session, sign_in.account_id))
