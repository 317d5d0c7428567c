"""What the terminal says when the site is up, in Chinese and English."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from culture_cloud import db
from culture_cloud.accounts.models import Account
from culture_cloud.config import Config

PASSWORD = "mumianhua-2026"  # noqa: S105  (invented accounts of an invented county)
"""The password of every demo account."""


def greeting(config: Config) -> str:
    """Address, demo accounts where there are any, where the data lies, how to stop."""
    lines = [
        "",
        f"文化云已启动，请用浏览器打开 / Culture Cloud is running, open:  {config.public_url}",
    ]
    if not config.production:
        lines += account_lines(db.session())
    lines += [
        "",
        f"数据存放在 / The data lies in:  {_where(config)}",
        "停止请按 Ctrl+C / To stop, press Ctrl+C",
        "",
    ]
    return "\n".join(lines)


def account_lines(session: Session) -> list[str]:
    """One demo account per role, as far as they are there under their own names."""
    from culture_cloud.demo import content

    told = content.load().people
    of_role = {account.role: account for account in reversed(list(told.accounts.values()))}
    phones = [account.phone for account in of_role.values()]
    there = select(Account.phone, Account.name).where(Account.phone.in_(phones))
    present = {(phone, name) for phone, name in session.execute(there)}
    rows = [
        f"  {account.phone}  {account.name}  {role.zh} / {role.en}"
        for code, role in told.roles.items()
        if (account := of_role.get(code)) and (account.phone, account.name) in present
    ]
    if not rows:
        return []
    heading = f"演示账号，密码都是 {PASSWORD} / Demo accounts, each with the password {PASSWORD}:"
    return ["", heading, *rows]


def _where(config: Config) -> str:
    if config.is_sqlite:
        return str(config.data_folder)
    return f"{make_url(config.database_url).render_as_string()}, {config.data_folder}"
