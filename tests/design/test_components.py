"""The macros draw sound HTML whose parts are tied to each other, in both modes."""

from __future__ import annotations

from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask import Flask, render_template_string

from culture_cloud.web.styleguide import EXAMPLES, DemoForm, failed_form
from tests.client import XHTML, Browser, Page, parse_strictly, words

pytestmark = pytest.mark.one_database  # what is judged here never asks a database


def draw(app: Flask, source: str, **context: Any) -> Element:
    """A piece of template, drawn inside a page and parsed strictly."""
    with app.test_request_context("/"):
        body = render_template_string(source, **context)
    return parse_strictly(
        f"<!doctype html><html lang=en><title>x</title><body>{body}</body></html>"
    )


def all_of(tree: Element, tag: str) -> list[Element]:
    return list(tree.iter(XHTML + tag))


def by_id(tree: Element, wanted: str) -> Element:
    return next(e for e in tree.iter() if e.get("id") == wanted)


def named(tree: Element, name: str) -> Element:
    return next(e for e in tree.iter() if e.get("name") == name)


FORMS = (
    "{% from 'components/forms.html' import form, question, choice, tick, select, date_question,"
    " time_question, file_question, error_summary, summary_list, trap %}"
)


@pytest.fixture
def failed(app: Flask) -> Element:
    with app.test_request_context("/"):
        form = failed_form()
    return draw(
        app,
        FORMS + "{{ error_summary(f) }}{{ question(f.name, 'name') }}"
        "{{ question(f.phone, 'tel') }}{{ question(f.people, 'number') }}"
        "{{ choice(f.party) }}{{ question(f.wishes, 'textarea') }}{{ tick(f.agreed) }}",
        f=form,
    )


def test_the_styleguide_is_a_sound_page_in_each_mode(any_mode: Browser) -> None:
    page = any_mode.get("/styleguide")
    assert len(page.all("section", class_="specimen")) > 20


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_page_is_a_sound_page_in_each_mode(any_mode: Browser, example: str) -> None:
    any_mode.get(f"/styleguide/{example}")


def test_an_unknown_example_is_not_found(client: Browser) -> None:
    client.get("/styleguide/never-heard-of", status=404)


def test_a_field_is_tied_to_its_label_hint_and_error(failed: Element) -> None:
    phone = named(failed, "phone")
    ties = (phone.get("aria-describedby") or "").split()
    assert [by_id(failed, tie).get("class") for tie in ties] == ["hint", "error-text"]
    assert phone.get("aria-invalid") == "true"
    assert any(e.get("for") == phone.get("id") for e in all_of(failed, "label"))


def test_a_field_without_hint_and_error_names_neither(app: Flask) -> None:
    with app.test_request_context("/"):
        form = DemoForm()
    tree = draw(app, FORMS + "{{ question(f.email, 'email') }}", f=form)
    email = named(tree, "email")
    assert email.get("aria-describedby") is None
    assert email.get("aria-invalid") is None


def test_what_was_typed_stays_after_a_fault(failed: Element) -> None:
    assert named(failed, "phone").get("value") == "1380000"
    assert named(failed, "people").get("value") == "两三个"
    assert words(named(failed, "wishes")) == "我妈妈坐轮椅"


def test_each_line_of_the_summary_leads_to_its_field_and_says_the_same(failed: Element) -> None:
    summary = by_id(failed, "error-summary")
    assert summary.get("role") == "alert"
    assert summary.get("tabindex") == "-1"
    lines = {(a.get("href") or "")[1:]: words(a) for a in all_of(summary, "a")}
    assert set(lines) == {"name", "phone", "people", "party-0", "agreed"}
    for target, text in lines.items():
        assert by_id(failed, target).tag == XHTML + "input"
        assert text in words(by_id(failed, f"{target.removesuffix('-0')}-error"))


def test_the_summary_is_silent_when_nothing_is_wrong(app: Flask) -> None:
    with app.test_request_context("/"):
        form = DemoForm()
    assert not all_of(draw(app, FORMS + "{{ error_summary(f) }}", f=form), "div")


def test_the_browser_never_judges_an_answer(app: Flask) -> None:
    with app.test_request_context("/"):
        form = DemoForm()
    tree = draw(
        app,
        FORMS + "{% call form('/x', key='k' * 20) %}{{ question(f.name) }}"
        "{{ question(f.wishes, 'textarea') }}{{ date_question(f.day) }}"
        "{{ time_question(f.time) }}{{ file_question(f.photo) }}"
        "{{ select(f.hall) }}{% endcall %}",
        f=form,
    )
    assert all_of(tree, "form")[0].get("novalidate") is not None
    for tag in ("input", "textarea", "select"):
        for control in all_of(tree, tag):
            judged = {"required", "pattern", "maxlength", "minlength", "placeholder"}
            assert not judged & set(control.keys())


def test_a_form_carries_its_token_and_the_key_against_a_second_press(app: Flask) -> None:
    tree = draw(app, FORMS + "{% call form('/x', key='abc') %}{% endcall %}")
    assert named(tree, "csrf_token").get("value")
    assert named(tree, "idempotency_key").get("value") == "abc"


def test_a_search_form_carries_no_token(app: Flask) -> None:
    tree = draw(app, FORMS + "{% call form('/x', method='get') %}{% endcall %}")
    assert not all_of(tree, "input")


def test_answers_to_choose_from_are_grouped_and_each_has_its_label(failed: Element) -> None:
    group = by_id(failed, "party")
    assert group.tag == XHTML + "fieldset"
    assert words(all_of(group, "legend")[0])
    labels = {e.get("for") for e in all_of(group, "label")}
    assert {e.get("id") for e in all_of(group, "input")} == labels
    assert "party-error" in (group.get("aria-describedby") or "")


def test_a_trap_is_out_of_reach_for_people(app: Flask) -> None:
    tree = draw(app, FORMS + "{{ trap() }}")
    assert named(tree, "website").get("tabindex") == "-1"
    assert any(e.get("aria-hidden") == "true" for e in all_of(tree, "div"))


def test_a_card_has_one_link_and_says_its_date_in_words(app: Flask) -> None:
    source = (
        "{% from 'components/cards.html' import activity_card %}"
        "{{ activity_card(title='A <b>', href='/a', when='1 May', day=day, fee='Free',"
        " places='6 places left', cover={'src': '/c.webp', 'srcset': '/c.webp 480w'}) }}"
    )
    tree = draw(app, source, day=date(2026, 5, 1))
    assert [words(a) for a in all_of(tree, "a")] == ["A <b>"]
    leaf = next(e for e in all_of(tree, "div") if e.get("class") == "date-block")
    assert leaf.get("aria-hidden") == "true"
    image = all_of(tree, "img")[0]
    assert image.get("alt") == ""
    assert image.get("loading") == "lazy"
    assert "6 places left" in words(tree)


def test_a_table_keeps_its_meaning_when_it_turns_into_cards(app: Flask) -> None:
    source = (
        "{% from 'components/lists.html' import data_table %}"
        "{{ data_table('People', [('name', 'Name'), ('party', 'Party', 'number')], people) }}"
    )
    tree = draw(app, source, people=[{"name": "Wang", "party": 2}])
    # a role of its own on a table element is an error of HTML (ST-02)
    assert all(e.get("role") is None for e in tree.iter())
    assert [e.get("data-label") for e in all_of(tree, "td")] == ["Party"]
    assert [e.get("scope") for e in all_of(tree, "th")] == ["col", "col", "row"]


def test_a_cell_may_be_drawn_by_the_page(app: Flask) -> None:
    source = (
        "{% from 'components/lists.html' import data_table %}"
        "{% call(item, key) data_table('x', [('a', 'A')], [{'a': 1}]) %}<b>{{ item[key] + 1 }}</b>"
        "{% endcall %}"
    )
    assert words(all_of(draw(app, source), "b")[0]) == "2"


def test_a_code_is_shown_in_two_groups_of_three(app: Flask) -> None:
    source = "{% from 'components/content.html' import code %}{{ code('604815') }}"
    assert words(draw(app, source)).endswith("604 815")


def test_an_empty_list_gives_a_next_step_and_a_person_to_call(app: Flask) -> None:
    source = (
        "{% from 'components/content.html' import empty_state %}"
        "{{ empty_state('Nothing', 'Why', [{'title': 'Next', 'href': '/n'}],"
        " phone='0312 5550188') }}"
    )
    hrefs = [a.get("href") for a in all_of(draw(app, source), "a")]
    # and a way to ask without speaking (SV-06)
    assert hrefs == ["/n", "tel:03125550188", "/feedback?kind=question"]


def test_rows_that_call_somebody_hold_a_way_without_speaking(app: Flask) -> None:
    source = "{% from 'components/actions.html' import link_rows %}{{ link_rows(rows, **more) }}"
    call = {"title": "Call", "href": "tel:1"}

    def hrefs(rows: list[dict[str, str]], **more: bool) -> list[str | None]:
        return [a.get("href") for a in all_of(draw(app, source, rows=rows, more=more), "a")]

    assert hrefs([call]) == ["tel:1", "/feedback?kind=question"]
    assert hrefs([call, {"title": "Text", "href": "sms:1"}]) == ["tel:1", "sms:1"]
    assert hrefs([{"title": "Go", "href": "/x"}]) == ["/x"]
    assert hrefs([call], writing=False) == ["tel:1"]


def test_only_a_fault_interrupts(app: Flask) -> None:
    source = "{% from 'components/content.html' import notice %}{{ notice('x', kind) }}"
    roles = {
        kind: all_of(draw(app, source, kind=kind), "div")[0].get("role")
        for kind in ("info", "success", "warning", "error")
    }
    assert roles == {"info": None, "success": "status", "warning": None, "error": "alert"}


def test_a_month_hides_days_and_weeks_that_hold_nothing(client: Browser) -> None:
    page = client.get("/styleguide")
    weeks = list(page.one("table", class_="calendar").iter(XHTML + "tr"))[1:]
    assert [e.get("class") for e in weeks] == [None, "free", "free", "free", "free"]


# --- the frame ------------------------------------------------------------------------------------


def tab_stops(page: Page) -> list[Element]:
    return [
        e for e in page.tree.iter() if e.tag in {XHTML + "a", XHTML + "button", XHTML + "input"}
    ]


def test_the_first_tab_stop_skips_to_the_main_part(any_mode: Browser) -> None:
    page = any_mode.get("/styleguide")
    assert tab_stops(page)[0].get("href") == "#main"
    assert page.one("main").get("id") == "main"


def test_the_elder_version_is_entered_and_left_by_words_within_three_tab_stops(
    any_mode: Browser,
) -> None:
    page = any_mode.get("/styleguide")
    switches = [e for e in tab_stops(page)[:3] if "mode=" in (e.get("href") or "")]
    assert [bool(words(e)) for e in switches] == [True]
    in_footer = [
        a for a in page.one("footer").iter(XHTML + "a") if "mode=" in (a.get("href") or "")
    ]
    assert [words(a) for a in in_footer] == [words(switches[0])]


def test_in_the_elder_version_the_page_s_matter_comes_before_the_navigation(
    client: Browser,
) -> None:
    def order() -> list[str]:
        page = client.get("/styleguide")
        wanted = ("main", "nav", "help")
        return [str(e.get("id")) for e in page.tree.iter() if e.get("id") in wanted]

    assert order() == ["nav", "main", "help"]
    client.set_cookie("mode", "elder")
    assert order() == ["main", "nav", "help"]


def test_the_title_says_first_that_something_is_wrong(client: Browser) -> None:
    client.set_cookie("lang", "en")
    assert client.get("/styleguide/sign-up").title.startswith("Error:")
    assert not client.get("/styleguide/list").title.startswith("Error:")


def test_the_viewport_may_be_zoomed(client: Browser) -> None:
    content = client.get("/styleguide").one("meta", name="viewport").get("content", "")
    assert "width=device-width" in content
    assert "user-scalable" not in content
    assert "maximum-scale" not in content


def test_a_chart_says_its_figures_in_words_and_draws_them_beside(app: Flask) -> None:
    source = (
        "{% from 'components/figures.html' import chart_figure %}"
        "{{ chart_figure('Held', [{'label': 'A', 'value': 40, 'words': '40 times'},"
        " {'label': 'B', 'value': 10, 'words': '10 times'}]) }}"
    )
    tree = draw(app, source)
    assert "40 times" in words(tree)
    bars = [e for e in tree.iter() if e.tag.endswith("rect")]
    assert [bar.get("width") for bar in bars] == ["100.0%", "25.0%"]
    pictures = [e for e in tree.iter() if e.tag.endswith("svg")]
    assert all(picture.get("aria-hidden") == "true" for picture in pictures)


def test_a_chart_of_nothing_is_not_a_fault(app: Flask) -> None:
    source = (
        "{% from 'components/figures.html' import chart_figure %}"
        "{{ chart_figure('Held', []) }}{{ chart_figure('Held', [{'label': 'A', 'value': 0}]) }}"
    )
    bars = [e for e in draw(app, source).iter() if e.tag.endswith("rect")]
    assert [bar.get("width") for bar in bars] == ["0%"]


def test_a_player_never_loads_or_starts_by_itself_and_has_a_name(app: Flask) -> None:
    source = (
        "{% from 'components/media.html' import media_player %}"
        "{{ media_player('Ferry', [('/a.opus', 'audio/ogg'), ('/a.mp3', 'audio/mpeg')],"
        " transcript=['One', 'Two'], id='p1') }}"
        "{{ media_player('Film', [('/f.mp4', 'video/mp4')], kind='video',"
        " captions=[('/f.vtt', 'zh', 'Chinese')], id='p2') }}"
    )
    tree = draw(app, source)
    players = [*all_of(tree, "audio"), *all_of(tree, "video")]
    assert [p.get("preload") for p in players] == ["none", "none"]
    assert all(p.get("autoplay") is None and p.get("controls") is not None for p in players)
    assert [words(by_id(tree, str(p.get("aria-labelledby")))) for p in players] == ["Ferry", "Film"]
    assert [t.get("srclang") for t in all_of(tree, "track")] == ["zh"]
    assert "One" in words(tree)


def test_tabs_are_links_and_one_is_where_i_am(app: Flask) -> None:
    source = (
        "{% from 'components/lists.html' import tabs %}"
        "{{ tabs([{'label': 'A', 'href': '/a', 'current': true}, {'label': 'B', 'href': '/b'}],"
        " 'Parts') }}"
    )
    found = [(a.get("href"), a.get("aria-current")) for a in all_of(draw(app, source), "a")]
    assert found == [("/a", "page"), ("/b", None)]


def test_a_timeline_says_in_words_where_we_are(app: Flask) -> None:
    source = (
        "{% from 'components/figures.html' import timeline %}"
        "{{ timeline([{'when': '1', 'title': 'A', 'state': 'done'},"
        " {'when': '2', 'title': 'B', 'state': 'now'}]) }}"
    )
    steps = all_of(draw(app, source), "li")
    assert [s.get("aria-current") for s in steps] == [None, "step"]
    assert words(steps[1]) != words(steps[0]).replace("1", "2").replace("A", "B")


def test_every_place_on_the_map_stands_in_the_list_too(app: Flask) -> None:
    source = (
        "{% from 'components/figures.html' import map_figure %}"
        "{{ map_figure('Two', [{'title': 'A', 'href': '/a', 'x': 0, 'y': 0, 'current': true},"
        " {'title': 'B', 'x': 100, 'y': 100}]) }}"
    )
    tree = draw(app, source)
    assert [words(e)[0] for e in all_of(tree, "li")] == ["A", "B"]
    dots = [e for e in tree.iter() if e.tag.endswith("circle")]
    assert all(
        0 <= float(str(d.get("cx"))) <= 100 and 0 <= float(str(d.get("cy"))) <= 62 for d in dots
    )
