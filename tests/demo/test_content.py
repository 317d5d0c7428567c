"""The demo county: whole, true to its own rules, and fit to be read by every visitor."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr

from culture_cloud.demo.content import FOLDER, DemoContent, load
from culture_cloud.demo.content.dealing import deal, state_at
from culture_cloud.demo.content.programme import STATES
from culture_cloud.demo.content.when import Anchor, Recurring
from culture_cloud.migrations import seeds

MARKETING = (
    "惊喜|赋能|打造|重磅|盛宴|震撼|精彩|不容错过|敬请|隆重|火爆|倾情|匠心|沉浸|点燃|助力|盛大|绽放|诠释"
    "|丰富多彩|喜闻乐见|正能量|文化自信|高质量|一站式|神秘|邂逅|解锁"
)
WEEKDAY = "(?:周|星期)([一二三四五六日])"
PASSING_DATE = r"\d+月|\d日|[一二三四五六七八九十]月份|春节|端午|中秋|国庆"
TODAYS = [date(2026, 11, 23) + timedelta(days=n) for n in range(14)] + [date(2028, 2, 29)]


@pytest.fixture(scope="module")
def content() -> DemoContent:
    return load()


def every_text(content: DemoContent) -> Iterator[tuple[str, str]]:
    """Each Chinese text that a visitor may read, with the place where it stands."""
    for node in content.network.nodes.values():
        texts = [content.network.plate_name(node.code), node.address, node.liaison]
        texts += [node.about or "", node.access_note or "", *(c.reason for c in node.closings)]
        yield from ((node.code, text) for text in texts)
    for hours in content.network.hours.values():
        yield hours.code, hours.zh
    for activity in content.programme.activities.values():
        texts = [activity.title, activity.place, *activity.description, *activity.co_organisers]
        texts += [activity.bring or "", activity.access_note or "", activity.fee or ""]
        texts += [activity.notice or "", activity.by_phone.note if activity.by_phone else ""]
        texts += [activity.moved_from.place] if activity.moved_from else []
        yield from ((activity.code, text) for text in texts)
    for account in content.people.accounts.values():
        yield account.code, account.name + account.about
    for resident in content.people.pool:
        yield resident.phone, resident.name


def offenders(content: DemoContent, pattern: str) -> list[str]:
    found = ((place, re.search(pattern, text)) for place, text in every_text(content))
    return [f"{place}: {match.group()}" for place, match in found if match]


# --- the network


def test_the_county_has_two_main_halls_ten_branches_and_points_in_villages(
    content: DemoContent,
) -> None:
    levels = Counter(node.level for node in content.network.nodes.values())
    assert levels["main"] == 2
    assert levels["branch"] == 10
    assert sum(levels.values()) >= 50


def test_fourteen_nodes_are_told_in_full_detail(content: DemoContent) -> None:
    full = [node for node in content.network.nodes.values() if node.in_full_detail]
    assert len(full) == 14
    for node in full:
        assert node.latitude is not None and abs(node.latitude - 23.33) < 0.15, node.code
        assert node.longitude is not None and abs(node.longitude - 101.73) < 0.15, node.code
        assert node.access and node.access_note, node.code
    assert any(node.closings for node in full)


def test_branches_and_points_keep_the_hours_that_the_standard_asks_for(
    content: DemoContent,
) -> None:
    """R107: a library 56 hours a week, a branch 48, a service point 30."""
    least = {"library": 56, "branch": 48, "service_point": 30}
    for node in content.network.nodes.values():
        minutes = content.network.hours[node.hours].minutes_a_week
        wanted = least.get("library" if node.lines == ("library",) else node.level, 0)
        if node.level == "service_point":
            wanted = least["service_point"]
        assert minutes >= wanted * 60, node.code


def test_plate_names_follow_the_naming_rules(content: DemoContent) -> None:
    plate_name = content.network.plate_name
    assert plate_name("539901-TSG") == "木棉渡县图书馆"
    assert plate_name("539901101") == "木棉渡县文化馆（图书馆）曼朵镇分馆"
    assert plate_name("539901101202") == "曼织村服务点"


def test_codes_of_points_begin_with_the_code_of_their_township(content: DemoContent) -> None:
    for node in content.network.nodes.values():
        if node.level == "service_point":
            assert node.parent and node.code.startswith(node.parent), node.code
            assert re.fullmatch(r"539901\d{6}", node.code)


def test_vocabularies_agree_with_the_reference_data_of_every_site(content: DemoContent) -> None:
    kinds = content.programme.kinds.values()
    assert tuple((k.code, k.zh, k.en, k.motif) for k in kinds) == seeds.KINDS
    audiences = content.programme.audiences.values()
    assert tuple((a.code, a.zh, a.en) for a in audiences) == seeds.AUDIENCES


# --- the programme


def test_every_kind_audience_level_and_state_is_shown(content: DemoContent) -> None:
    activities = content.programme.activities.values()
    assert len(activities) >= 60
    assert {a.kind for a in activities} == set(content.programme.kinds)
    assert {code for a in activities for code in a.audiences} == set(content.programme.audiences)
    assert {a.state for a in activities} == set(STATES)
    levels = {content.network.nodes[a.node].level for a in activities}
    assert levels == {"main", "branch", "service_point"}
    assert any(a.fee for a in activities)


@pytest.mark.parametrize("today", TODAYS)
def test_activities_are_in_the_state_they_are_meant_to_show_whatever_day_it_is(
    content: DemoContent, today: date
) -> None:
    midnight = datetime.combine(today, datetime.min.time())
    for minutes in (1, 12 * 60, 23 * 60 + 50):
        now = midnight + timedelta(minutes=minutes)
        for activity in content.programme.activities.values():
            seen = state_at(activity, content.people, now, now)
            assert seen == activity.state, f"{activity.code} at {now}"


def test_ended_activities_ended_within_sixty_days(content: DemoContent) -> None:
    today = TODAYS[0]
    for activity in content.programme.activities.values():
        if activity.state == "ended":
            last = activity.when.slots(today)[-1].end.date()
            assert today - timedelta(days=60) <= last < today, activity.code


@pytest.mark.parametrize("today", TODAYS)
def test_nothing_takes_place_while_its_own_house_is_closed(
    content: DemoContent, today: date
) -> None:
    for activity in content.programme.activities.values():
        if activity.status != "published":
            continue
        held = {slot.start.date() for slot in activity.when.slots(today)}
        for closing in content.network.nodes[activity.node].closings:
            first = closing.first.on(today)
            closed = {first + timedelta(days=n) for n in range(closing.days)}
            assert not held & closed, activity.code


def test_recurrence_rules_parse_and_leave_exceptions_out(content: DemoContent) -> None:
    rules = {
        activity.code: activity.when
        for activity in content.programme.activities.values()
        if isinstance(activity.when, Recurring)
    }
    assert any(rule.skip for rule in rules.values())
    assert any(rule.moved for rule in rules.values())
    for code, rule in rules.items():
        start = rule.first.slot(TODAYS[0]).start
        assert len(list(rrulestr(rule.rrule, dtstart=start))) > 1, code
        left = {slot.start for slot in rule.slots(TODAYS[0])}
        assert not left & set(rule.exceptions(TODAYS[0])), code


@pytest.mark.parametrize("today", TODAYS)
def test_weekdays_named_in_a_text_are_those_of_the_sessions(
    content: DemoContent, today: date
) -> None:
    for activity in content.programme.activities.values():
        text = activity.title + "".join(activity.description)
        named = {"一二三四五六日".index(day) for day in re.findall(WEEKDAY, text)}
        held = {slot.start.weekday() for slot in activity.when.slots(today)}
        assert named <= held, activity.code


def test_courses_have_as_many_lessons_as_their_title_says(content: DemoContent) -> None:
    digits = {"六": 6, "八": 8, "十": 10, "十二": 12}
    courses = 0
    for activity in content.programme.activities.values():
        said = re.search(r"（(.+?)课）", activity.title)
        if said:
            courses += 1
            assert len(activity.when.slots(TODAYS[0])) == digits[said.group(1)], activity.code
            assert activity.sign_up and activity.sign_up.each == "course"
    assert courses >= 4


# --- the people


def test_there_is_an_account_for_every_role_and_three_residents(content: DemoContent) -> None:
    roles = Counter(account.role for account in content.people.accounts.values())
    assert set(roles) == set(content.people.roles)
    assert roles["resident"] == 3
    assert len(content.people.pool) >= 120


def test_dealing_hands_out_just_what_was_counted_and_nobody_twice(content: DemoContent) -> None:
    dealt = deal(content.people)
    assert dealt == deal(content.people)
    people = Counter((s.activity, s.session, s.resident.phone) for s in dealt)
    assert max(people.values()) == 1
    for count in content.people.sign_ups:
        own = [s for s in dealt if (s.activity, s.session) == (count.activity, count.session)]
        assert sum(s.places for s in own if s.holds_places) == count.places, count.activity
        assert sum(s.state == "waiting" for s in own) == count.waiting, count.activity
        assert sum(s.places for s in own if s.kept) == count.kept, count.activity
        assert sum(s.channel == "phone" for s in own) == count.phone, count.activity


# --- the words


def test_no_text_praises_instead_of_telling(content: DemoContent) -> None:
    assert offenders(content, MARKETING) == []


def test_no_text_holds_latin_letters_that_nobody_explains(content: DemoContent) -> None:
    assert offenders(content, r"[A-Za-z]+") == []


def test_punctuation_is_full_width(content: DemoContent) -> None:
    assert offenders(content, r"""[,;:!?()\[\]"'<>~]|\.|\s{2}|！""") == []


def test_no_text_names_a_date_that_will_be_wrong_tomorrow(content: DemoContent) -> None:
    assert offenders(content, PASSING_DATE) == []


def test_sentences_are_short_enough_to_be_read_aloud(content: DemoContent) -> None:
    long = [
        f"{place}: {sentence}"
        for place, text in every_text(content)
        for sentence in re.split(r"[。！？；]", text)
        if len(sentence) > 60
    ]
    assert long == []


def test_paragraphs_end_as_sentences_do(content: DemoContent) -> None:
    for activity in content.programme.activities.values():
        for paragraph in activity.description:
            assert paragraph[-1] in "。？”", activity.code
            assert 12 <= len(paragraph) <= 160, f"{activity.code}: {len(paragraph)}"


def test_telephone_numbers_are_of_the_invented_ranges_only() -> None:
    for file in FOLDER.rglob("*.json"):
        text = file.read_text("utf-8")
        for number in re.findall(r"(?<![\d.])(?:0\d{2,3}-?\d{7,8}|1[3-9]\d{9})(?!\d)", text):
            assert re.fullmatch(r"0877-55501\d\d|1990000\d{4}", number), f"{file.name}: {number}"


def test_mail_goes_to_nobody(content: DemoContent) -> None:
    for account in content.people.accounts.values():
        assert account.email.endswith("@example.org")


def test_weeks_are_counted_from_the_first_such_weekday_after_today() -> None:
    monday = date(2026, 11, 23)
    assert Anchor(weekday=0, week=0).on(monday) == date(2026, 11, 30)
    assert Anchor(weekday=1, week=0).on(monday) == date(2026, 11, 24)
    assert Anchor(weekday=0, week=-1).on(monday) == monday
    assert Anchor(day=-3).on(monday) == date(2026, 11, 20)
