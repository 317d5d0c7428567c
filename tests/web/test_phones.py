"""Phone numbers as people type them (ST-18)."""

from __future__ import annotations

import pytest

from culture_cloud.web.phones import NotAPhone, masked_phone, normal_phone, spaced_phone


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("13800000000", "13800000000"),
        (" 138 0000 0000 ", "13800000000"),
        ("138-0000-0000", "13800000000"),
        ("138.0000.0000", "13800000000"),
        ("138–0000—0000", "13800000000"),
        ("１３８００００００００", "13800000000"),
        ("１３８　００００　００００", "13800000000"),
        ("+86 138 0000 0000", "13800000000"),
        ("＋86 13800000000", "13800000000"),
        ("+8613800000000", "13800000000"),
        ("0086 138 0000 0000", "13800000000"),
        ("86 13800000000", "13800000000"),
        ("(+86)13800000000", "13800000000"),
        ("199\t0000\t0100", "19900000100"),
        ("0877-5550100", "08775550100"),
        ("（0877）5550100", "08775550100"),
        ("0877 555 0100", "08775550100"),
        ("010-65550100", "01065550100"),
        ("5550100", "5550100"),
        ("65550100", "65550100"),
        ("+852 5555 0100", "+85255550100"),
    ],
)
def test_understands_how_people_write_their_number(typed: str, meant: str) -> None:
    assert normal_phone(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["", " ", "12345", "1380000000", "138000000000", "12800000000", "phone", "138oooooooo",
     "138/00000000", "+86", "13800000000 or 13900000000", "一三八", "1" * 40, "0000", "'; DROP"],
)  # fmt: skip
def test_refuses_what_cannot_be_called(typed: str) -> None:
    with pytest.raises(NotAPhone):
        normal_phone(typed)


def test_hides_the_middle_of_a_number() -> None:
    assert masked_phone("13800000000") == "138****0000"
    assert masked_phone("12345") == "*****"


def test_spaces_a_mobile_number_as_it_is_read_aloud() -> None:
    assert spaced_phone("13800000000") == "138 0000 0000"
    assert spaced_phone("08775550100") == "08775550100"
