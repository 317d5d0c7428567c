"""What people sign in with, as they type it."""

from __future__ import annotations

import pytest

from culture_cloud.accounts.logins import Login, NotALogin, read_login


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("+86 138-0000-0000", Login(phone="13800000000")),
        ("１３８００００００００", Login(phone="13800000000")),
        ("Li@Example.ORG", Login(email="li@example.org")),
        ("  li.mei+wenhua@mail.example.org ", Login(email="li.mei+wenhua@mail.example.org")),
        ("ｌｉ＠example.org", Login(email="li@example.org")),
        ("李梅@例子.中国", Login(email="李梅@例子.中国")),
    ],
)
def test_reads_phones_and_addresses(typed: str, meant: Login) -> None:
    assert read_login(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["", "li", "li@", "@example.org", "li@example", "li@@example.org", "a b@example.org",
     "li@example.org, wang@example.org", "li@example.org\nBcc: all@example.org", "12345",
     "<li@example.org>", "l" * 250 + "@example.org"],
)  # fmt: skip
def test_refuses_what_is_neither(typed: str) -> None:
    with pytest.raises(NotALogin):
        read_login(typed)
