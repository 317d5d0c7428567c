"""Signing in within tests, through the real form."""

from __future__ import annotations

from culture_cloud.accounts.models import Account

from . import factories
from .client import Browser


def sign_in(client: Browser, account: Account, password: str = factories.PASSWORD) -> None:
    """Fill in the sign-in form and press its button; the client then carries the sign-in.

    The account must be committed. The page the person is led to is not opened.
    """
    page, login = client.get("/sign-in"), account.phone or account.email
    if not page.all("input", id="password"):  # elder mode asks for it on a page of its own
        page = client.submit(page, {"login": login})
    form = page.form("password")
    typed = {"login": login, "password": password}
    response = client.flask.post(form.action or "/sign-in", data={**form.values, **typed})
    assert response.status_code == 303, f"not signed in: {response.status_code}"
