"""Which passwords are refused, and how they are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from culture_cloud.accounts import password_rules, passwords
from culture_cloud.accounts.password_rules import Weakness, weakness


@pytest.mark.parametrize("password", ["", "1234567", "short", "七个字的密码呀"])
def test_refuses_fewer_than_eight_characters(password: str) -> None:
    assert weakness(password) is Weakness.SHORT


@pytest.mark.parametrize("password", ["大戏好看我天天看", "correct horse", "a" * 3 + "b1" * 50])
def test_takes_any_long_text_without_rules_about_its_characters(password: str) -> None:
    assert weakness(password) is None


def test_refuses_more_than_the_hash_is_given() -> None:
    assert weakness("x9" * 64) is not Weakness.LONG
    assert weakness("x9" * 64 + "!") is Weakness.LONG


@pytest.mark.parametrize(
    "password",
    ["12345678", "87654321", "password", "Password1", "ＰＡＳＳＷＯＲＤ", "11111111", "12121212",
     "abcabcabc", "qwertyuiop", "qwer1234qwer1234", "woaini1314", "34567890", "hijklmno"],
)  # fmt: skip
def test_refuses_what_everybody_tries_first(password: str) -> None:
    assert weakness(password) is Weakness.COMMON


@pytest.mark.parametrize(
    "password", ["13800000000", "00000000831", "limei1970@example.org", "limei1970", "LiMei1970"]
)
def test_refuses_what_others_know_of_the_person(password: str) -> None:
    known = ("13800000000", "limei1970@example.org", None, "")
    assert weakness(password, known) is Weakness.PERSONAL


def test_the_list_of_common_passwords_holds_only_long_ones_in_lower_case() -> None:
    listed = Path(password_rules.__file__).with_name("common_passwords.txt").read_text().split()
    assert len(listed) > 200
    assert all(len(p) >= 8 and p == p.lower() for p in listed)


def test_keeps_only_a_hash_that_fits() -> None:
    kept = passwords.hashed("a good password")
    assert "a good password" not in kept
    assert kept.startswith("$argon2id$")
    assert passwords.matches(kept, "a good password")
    assert not passwords.matches(kept, "another password")
    assert not passwords.needs_rehash(kept)


def test_nobody_has_no_password() -> None:
    assert not passwords.matches(None, "")
    assert not passwords.matches("not a hash", "not a hash")


def test_an_unknown_account_takes_the_same_work() -> None:
    """The hash that stands in for nobody has today's cost, else time would tell who is known."""
    assert not passwords.needs_rehash(passwords._NOBODY)
