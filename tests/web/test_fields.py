"""Validators and fields: liberal in what they read, and nothing typed is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, StringField

from culture_cloud import clock
from culture_cloud.web import moments
from culture_cloud.web.fields import (
    AtMost,
    Between,
    ChoiceField,
    ClockField,
    DayField,
    HoneypotMixin,
    IdempotencyMixin,
    IsPhone,
    ListField,
    MultipleChoiceField,
    Needed,
    NumberField,
    PhoneField,
    many_lines,
    new_key,
    one_line,
)

pytestmark = pytest.mark.one_database  # what is judged here never asks a database

pytestmark = pytest.mark.usefixtures("app_context")

KINDS = [("opera", "Opera"), ("film", "Film")]


class Answers(IdempotencyMixin, HoneypotMixin, Form):
    name = StringField(
        validators=[Needed("Name, please"), AtMost(5, "Shorter, please")], filters=[one_line]
    )
    phone = PhoneField(validators=[IsPhone("A phone, please")])
    agreed = BooleanField(validators=[Needed("Agree, please")])
    places = NumberField(message="A number, please", validators=[Between(1, 20, "1 to 20")])
    day = DayField(message="A day, please", validators=[Needed("Which day")])
    at = ClockField(message="A time, please")
    kind = ChoiceField(choices=KINDS, message="One of these", validators=[Needed("Which kind")])
    hall = ListField(choices=[("", "any"), *KINDS], message="A hall of the list")
    audiences = MultipleChoiceField(choices=KINDS, message="Some of these")


def answered(**typed: str) -> Answers:
    whole = {"name": "李梅", "agreed": "y", "day": "2026-05-01", "kind": "film", **typed}
    return Answers(MultiDict(whole))


def errors_of(**typed: str) -> dict[str, list[str]]:
    form = answered(**typed)
    form.validate()
    return {name: [str(e) for e in errors] for name, errors in form.errors.items()}


def test_accepts_what_is_whole() -> None:
    assert errors_of() == {}


@pytest.mark.parametrize("typed", ["", "   ", "\u3000", "\t\n"])
def test_a_needed_answer_may_not_be_blank_and_says_so_once(typed: str) -> None:
    assert errors_of(name=typed) == {"name": ["Name, please"]}


def test_a_needed_answer_that_is_not_sent_at_all_is_asked_for() -> None:
    form = Answers(MultiDict({}))
    form.validate()
    assert set(form.errors) == {"name", "agreed", "day", "kind"}
    assert form.errors["day"] == ["Which day"]


def test_no_field_tells_the_browser_to_judge() -> None:
    for field in Answers():
        assert not field.flags.required, field.name
        assert "required" not in field(), field.name


def test_refuses_a_text_that_is_too_long() -> None:
    assert errors_of(name="一二三四五六") == {"name": ["Shorter, please"]}


@pytest.mark.parametrize("typed", ["２", " 2 ", "2", "+2"])
def test_reads_numbers_in_any_digits(typed: str) -> None:
    form = answered(places=typed)
    assert form.validate()
    assert form.places.data == 2


@pytest.mark.parametrize("typed", ["two", "2.5", "1e3", "99999999999999999999"])
def test_keeps_what_is_no_number_as_it_was_typed(typed: str) -> None:
    form = answered(places=typed)
    assert not form.validate()
    assert form.errors["places"] == ["A number, please"]
    assert f'value="{typed}"' in form.places()


@pytest.mark.parametrize("typed", ["0", "21", "-1"])
def test_refuses_numbers_outside_the_bounds(typed: str) -> None:
    assert errors_of(places=typed) == {"places": ["1 to 20"]}


def test_keeps_the_phone_as_typed_and_knows_its_normal_form() -> None:
    form = answered(phone="+86 138-0000-0000")
    assert form.validate()
    assert form.phone.data == "+86 138-0000-0000"
    assert form.phone.normal == "13800000000"


def test_refuses_a_phone_that_cannot_be_called_and_keeps_it() -> None:
    form = answered(phone="12345")
    assert not form.validate()
    assert form.errors["phone"] == ["A phone, please"]
    assert 'value="12345"' in form.phone()


def test_an_empty_phone_is_no_wrong_phone() -> None:
    assert errors_of(phone=" ") == {}


@pytest.mark.parametrize(
    "typed",
    ["2026-05-01", "2026/5/1", "2026.5.1", "2026年5月1日", "2026 年 5 月 1 日",
     "２０２６-０５-０１", "20260501", "2026年5月1日（星期五）", "5月1日", "5/1", "2026-5-1 周五"],
)  # fmt: skip
def test_reads_days_as_people_write_them(typed: str) -> None:
    with clock.frozen(datetime(2026, 4, 20, tzinfo=UTC)):
        form = answered(day=typed)
        assert form.validate()
        assert form.day.data == date(2026, 5, 1)


def test_shows_a_day_that_was_read_in_the_form_browsers_know() -> None:
    assert 'value="2026-05-01"' in answered(day="2026年5月1日").day()


@pytest.mark.parametrize("typed", ["2026-02-30", "May first", "2026", "5月", "13/1", "1.5.2026"])
def test_keeps_what_is_no_day_as_it_was_typed(typed: str) -> None:
    form = answered(day=typed)
    assert not form.validate()
    assert form.errors["day"] == ["A day, please"]
    assert f'value="{typed}"' in form.day()


@pytest.mark.parametrize(("typed", "year"), [("5月1日", 2027), ("5月2日", 2026), ("5月3日", 2026)])
def test_a_day_without_a_year_is_the_next_one(typed: str, year: int) -> None:
    with clock.frozen(datetime(2026, 5, 2, 12, tzinfo=UTC)):
        assert moments.parse_day(typed).year == year


def test_a_leap_day_without_a_year_is_no_day_where_there_is_none() -> None:
    with clock.frozen(datetime(2026, 1, 2, tzinfo=UTC)), pytest.raises(moments.NotADay):
        moments.parse_day("2月29日")
    with clock.frozen(datetime(2028, 3, 2, tzinfo=UTC)), pytest.raises(moments.NotADay):
        moments.parse_day("2月29日")


def test_knows_today_and_tomorrow_in_the_zone_of_the_site() -> None:
    with clock.frozen(datetime(2026, 5, 1, 17, tzinfo=UTC)):  # 1 am on the 2nd in Shanghai
        assert moments.parse_day("今天") == date(2026, 5, 2)
        assert moments.parse_day("明天") == date(2026, 5, 3)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("9:30", time(9, 30)),
        ("09:30", time(9, 30)),
        ("９：３０", time(9, 30)),
        ("9.30", time(9, 30)),
        ("930", time(9, 30)),
        ("0930", time(9, 30)),
        ("1430", time(14, 30)),
        ("9", time(9)),
        ("9点", time(9)),
        ("9点半", time(9, 30)),
        ("上午9点半", time(9, 30)),
        ("上午九点半", time(9, 30)),
        ("下午2点", time(14)),
        ("下午两点一刻", time(14, 15)),
        ("下午 2:05", time(14, 5)),
        ("晚上7点30分", time(19, 30)),
        ("晚上十一点三刻", time(23, 45)),
        ("中午12点", time(12)),
        ("中午1点", time(13)),
        ("中午11点半", time(11, 30)),
        ("凌晨12点", time(0)),
        ("19时30分", time(19, 30)),
        ("9点整", time(9)),
        ("7 pm", time(19)),
        ("12:15 am", time(0, 15)),
        ("00:00", time(0)),
    ],
)
def test_reads_times_as_people_write_them(typed: str, meant: time) -> None:
    form = answered(at=typed)
    assert form.validate()
    assert form.at.data == meant
    assert f'value="{meant:%H:%M}"' in form.at()


@pytest.mark.parametrize(
    "typed", ["25:00", "9:75", "晚上12点", "24:00", "noon", "9:30:00", "99999"]
)
def test_keeps_what_is_no_time_as_it_was_typed(typed: str) -> None:
    form = answered(at=typed)
    assert not form.validate()
    assert form.errors["at"] == ["A time, please"]
    assert f'value="{typed}"' in form.at()


def test_a_day_and_a_time_make_a_moment_in_the_zone_of_the_site() -> None:
    assert moments.at(date(2026, 5, 1), time(9, 30)) == datetime(2026, 5, 1, 1, 30, tzinfo=UTC)


def test_asks_for_a_choice_and_refuses_one_that_is_not_offered() -> None:
    form = Answers(MultiDict({"name": "李梅", "agreed": "y", "day": "2026-05-01"}))
    form.validate()
    assert form.errors == {"kind": ["Which kind"]}
    assert errors_of(kind="circus") == {"kind": ["One of these"]}
    assert errors_of(hall="circus") == {"hall": ["A hall of the list"]}
    assert errors_of(audiences="circus") == {"audiences": ["Some of these"]}


def test_offers_choices_without_judging_an_empty_one() -> None:
    form = answered(hall="", audiences="film")
    assert form.validate()
    assert form.audiences.data == ["film"]
    assert [choice[2] for choice in form.audiences.iter_choices()] == [False, True]


def test_a_filled_trap_betrays_a_robot() -> None:
    assert answered(website="http://spam.example").from_robot
    assert not answered(website="").from_robot
    assert not answered().from_robot


def test_a_form_keeps_its_idempotency_key_and_a_new_form_has_a_new_one() -> None:
    key = new_key()
    assert answered(idempotency_key=key).idempotency_key.data == key
    assert len({Answers().idempotency_key.data for _ in range(3)}) == 3


@pytest.mark.parametrize("typed", ["", "short", "a" * 65, "x" * 25 + "'", "键" * 24])
def test_a_key_that_we_did_not_make_is_replaced(typed: str) -> None:
    key = answered(idempotency_key=typed).idempotency_key.data
    assert key is not None
    assert key != typed
    assert len(key) == 32


def test_lines_lose_control_characters_but_rare_names_stay() -> None:
    assert one_line("  阿依古丽\u00b7买买提\x00 \u3000 𠮷野\n") == "阿依古丽·买买提 𠮷野"
    assert many_lines("一\r\n二\x07\r三\n\n") == "一\n二\n三"


def test_a_phone_that_is_none_is_answered_with_an_example() -> None:
    class Asked(Form):
        phone = PhoneField(validators=[IsPhone()])

    asked = Asked(MultiDict({"phone": "1"}))
    assert not asked.validate()
    assert "138 0000 0000" in str(asked.phone.errors[0])
