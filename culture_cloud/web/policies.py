"""Who may open a view. Every view carries exactly one policy; a test walks the URL map for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, Response, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from culture_cloud.errors import NotPermitted

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Policy:
    """What a view asks of the reader; `permission` is held somewhere in the tree."""

    name: str
    permission: StrEnum | None = None


def public(view: View) -> View:
    """Anybody may open it."""
    return _mark(view, Policy("public"))


def signed_in(view: View) -> View:
    """Only somebody who is signed in may open it; others are asked to sign in first."""
    return _mark(view, Policy("signed_in"))


def staff(permission: StrEnum) -> Callable[[View], View]:
    """Only staff who hold the permission at some node; the view checks the object itself."""

    def decorate(view: View) -> View:
        return _mark(view, Policy("staff", permission))

    return decorate


def policy_of(view: Callable[..., Any]) -> Policy | None:
    found: Policy | None = getattr(view, "__policy__", None)
    return found


def _mark(view: View, policy: Policy) -> View:
    if policy_of(view) is not None:
        raise ValueError(f"{view.__name__} has two policies")
    view.__policy__ = policy  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    app.before_request(_enforce)


def _enforce() -> BaseResponse | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    policy = policy_of(current_app.view_functions[request.endpoint])
    if policy is None or policy.name == "public":
        return None
    if not current_user.is_authenticated:
        back = request.full_path.rstrip("?") if request.method == "GET" else "/"
        response: Response = redirect(url_for("accounts.sign_in", next=back))  # type: ignore[assignment]
        return response
    if policy.permission is not None and not current_user.may(policy.permission):
        raise NotPermitted
    return None
