"""A browser without JavaScript. Every page it opens is also checked as a page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.globals import _cv_app
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

XHTML = "{http://www.w3.org/1999/xhtml}"
ONE_LINE = re.compile(r"\s+")
BARE_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


@dataclass
class Form:
    """A form of a page, with the values a browser would send."""

    action: str
    method: str
    values: dict[str, Any]
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Page:
    """An answer, as its reader sees it."""

    def __init__(self, response: TestResponse, url: str) -> None:
        self.response = response
        self.url = url
        self.status = response.status_code
        self.text = response.get_data(as_text=True)
        self.is_html = response.content_type.startswith("text/html")
        self.tree: Element = (
            parse_strictly(self.text) if self.is_html and self.text else Element("x")
        )

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements of a tag whose attributes have these values (`class_` holds one class)."""
        wanted_class = attributes.pop("class_", None)
        found = []
        for element in self.tree.iter(XHTML + tag):
            if wanted_class and wanted_class not in element.get("class", "").split():
                continue
            if all(element.get(k.replace("_", "-")) == v for k, v in attributes.items()):
                found.append(element)
        return found

    def one(self, tag: str, **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} × <{tag} {attributes}> on {self.url}"
        return found[0]

    @property
    def heading(self) -> str:
        return words(self.one("h1"))

    @property
    def title(self) -> str:
        return words(self.one("title"))

    @property
    def main(self) -> str:
        return words(self.one("main"))

    @property
    def links(self) -> dict[str, str]:
        """Text of each link → its address."""
        return {words(a): a.get("href", "") for a in self.all("a")}

    def link(self, text: str) -> str:
        found = [href for label, href in self.links.items() if text in label]
        assert found, f"no link {text!r} on {self.url}: {list(self.links)}"
        return found[0]

    def forms(self) -> list[Form]:
        return [self._form(element) for element in self.all("form")]

    def form(self, containing: str | None = None) -> Form:
        """The form of the main part (that has a field or button of the name, where given)."""
        main = self.one("main")
        inside = [self._form(e) for e in main.iter(XHTML + "form")]
        if containing is not None:
            inside = [
                f for f in inside
                if containing in f.values or any(containing in b for b in f.buttons)
                or containing in f.action
            ]  # fmt: skip
        assert inside, f"no form with {containing!r} on {self.url}"
        return inside[0]

    def _form(self, element: Element) -> Form:
        form = Form(
            action=urljoin(self.url, element.get("action") or self.url),
            method=element.get("method", "get").lower(),
            values={},
        )
        for control in element.iter():
            name = control.get("name")
            if not name:
                continue
            kind = control.get("type", "text")
            if control.tag == XHTML + "input" and kind in {"checkbox", "radio"}:
                if control.get("checked") is not None:
                    _add(form.values, name, control.get("value", "on"))
                else:
                    form.values.setdefault(name, None)
            elif control.tag == XHTML + "input" and kind != "submit":
                _add(form.values, name, control.get("value", ""))
            elif control.tag == XHTML + "textarea":
                _add(form.values, name, "".join(control.itertext()))
            elif control.tag == XHTML + "select":
                options = list(control.iter(XHTML + "option"))
                chosen = [o for o in options if o.get("selected") is not None] or options[:1]
                for option in chosen:
                    _add(form.values, name, option.get("value", words(option)))
            elif control.tag == XHTML + "button":
                form.buttons.append((name, control.get("value", "")))
        return form


def _add(values: dict[str, Any], name: str, value: str) -> None:
    present = values.get(name)
    if present is None:
        values[name] = value
    elif isinstance(present, list):
        present.append(value)
    else:
        values[name] = [present, value]


class OwnContext(FlaskClient):
    """Gives each request an app context of its own, also where the test itself holds one open:
    else all requests would share one `g`, and with it the reader of the first."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        held = _cv_app.set(None)  # type: ignore[arg-type]
        try:
            return super().open(*args, **options)
        finally:
            _cv_app.reset(held)


class Browser:
    """Opens pages, follows redirects, sends forms as a person would; keeps cookies."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.flask = OwnContext(app, app.response_class)

    def set_cookie(self, name: str, value: str) -> None:
        self.flask.set_cookie(name, value, domain="localhost")

    def get(self, url: str, *, status: int | None = 200, **options: Any) -> Page:
        """Open an address, follow redirects, check the page."""
        response = self.flask.get(url, follow_redirects=True, **options)
        return self._checked(response, status)

    def post(self, url: str, values: dict[str, Any], *, status: int | None = 200) -> Page:
        """Send values as they are (a form's own token and hidden fields included by `submit`)."""
        response = self.flask.post(url, data=_sendable(values), follow_redirects=True)
        return self._checked(response, status)

    def submit(
        self,
        page: Page,
        values: dict[str, Any] | None = None,
        *,
        form: str | None = None,
        button: tuple[str, str] | None = None,
        status: int | None = 200,
    ) -> Page:
        """Fill in the page's form, press its button (the first, unless named), see what comes."""
        filled = page.form(form)
        unknown = set(values or {}) - set(filled.values)
        assert not unknown, f"the form has no field {unknown}: {list(filled.values)}"
        sent = {**filled.values, **(values or {})}
        pressed = button or (filled.buttons[0] if filled.buttons else None)
        if pressed:
            sent[pressed[0]] = pressed[1]
        if filled.method == "get":
            response = self.flask.get(
                urlsplit(filled.action).path, query_string=_sendable(sent), follow_redirects=True
            )
            return self._checked(response, status)
        return self.post(filled.action, sent, status=status)

    def _checked(self, response: TestResponse, status: int | None) -> Page:
        page = Page(response, response.request.url)
        if status is not None:
            assert page.status == status, f"{page.status} at {page.url}: {page.text[:1500]}"
        if page.is_html and page.text:
            check_page(page)
        return page


def _sendable(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def parse_strictly(text: str) -> Element:
    """The page as a tree; any parse error of the HTML standard fails (ST-02)."""
    parser = html5lib.HTMLParser(strict=True)
    tree: Element = parser.parse(text)
    return tree


def words(element: Element) -> str:
    return ONE_LINE.sub(" ", "".join(element.itertext())).strip()


def check_page(page: Page) -> None:
    """What every page of the site must be, whoever opens it (ST-02 to ST-04, ST-14, ST-32)."""
    html = page.tree
    assert html.get("lang") in {"zh-CN", "zh-Hant", "en"}, f"no lang: {page.url}"
    assert html.get("data-mode") in {"standard", "elder"}, f"no mode: {page.url}"
    title = words(page.one("title"))
    assert title, f"no title: {page.url}"
    headings = page.all("h1")
    assert len(headings) == 1, f"{len(headings)} h1: {page.url}"
    assert words(headings[0]), f"an empty h1: {page.url}"
    assert len(page.all("main")) == 1, f"no main: {page.url}"
    _check_headings(page)
    ids = [e.get("id") for e in html.iter() if e.get("id") is not None]
    assert len(ids) == len(set(ids)), f"the same id twice: {page.url}: {_repeated(ids)}"
    _check_references(page, set(ids))
    _check_fields(page)
    _check_forms(page)
    for element in html.iter():
        assert element.get("style") is None, f"an inline style: {page.url}"
        assert not any(a.startswith("on") for a in element.attrib), f"an inline handler: {page.url}"
    for image in page.all("img"):
        assert image.get("alt") is not None, f"an image without alt: {page.url}"
    for script in page.all("script"):
        inline_data = script.get("type") == "application/ld+json"
        assert script.get("src") or inline_data, f"an inline script: {page.url}"
    visible = words(page.one("body"))
    assert not BARE_TIMESTAMP.search(visible), f"a date that people do not read: {page.url}"
    assert "None" not in visible.split(), f"a bare None: {page.url}"


def _check_headings(page: Page) -> None:
    level = 0
    for element in page.tree.iter():
        tag = str(element.tag).removeprefix(XHTML)
        if re.fullmatch(r"h[1-6]", tag):
            assert int(tag[1]) <= level + 1, (
                f"a heading level is skipped: {page.url}: {words(element)}"
            )
            level = int(tag[1])


def _check_references(page: Page, ids: set[str | None]) -> None:
    for element in page.tree.iter():
        for name in ("aria-describedby", "aria-labelledby", "for"):
            for reference in (element.get(name) or "").split():
                assert reference in ids, f"{name}={reference} leads nowhere: {page.url}"
        href = element.get("href", "")
        if href.startswith("#") and len(href) > 1:
            assert href[1:] in ids, f"the link {href} leads nowhere: {page.url}"


def _check_fields(page: Page) -> None:
    labelled = {e.get("for") for e in page.all("label")}
    for tag in ("input", "select", "textarea"):
        for control in page.all(tag):
            if control.get("type") in {"hidden", "submit"}:
                continue
            named = control.get("id") in labelled or control.get("aria-labelledby")
            assert named, f"a field without a label: {page.url}: {control.attrib}"
            assert control.get("placeholder") is None, f"a placeholder: {page.url}"
            assert control.get("required") is None, f"the browser judges: {page.url}"


def _check_forms(page: Page) -> None:
    for form in page.all("form"):
        if form.get("method", "get").lower() == "post":
            names = {e.get("name") for e in form.iter(XHTML + "input")}
            assert "csrf_token" in names, f"a form without its token: {page.url}"
            assert form.get("novalidate") is not None, f"a form without novalidate: {page.url}"


def _repeated(values: Iterable[Any]) -> set[Any]:
    seen: set[Any] = set()
    return {v for v in values if v in seen or seen.add(v)}  # type: ignore[func-returns-value]
