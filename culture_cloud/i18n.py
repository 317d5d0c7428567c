"""Languages: Chinese (simplified) first, traditional made from it, English complete.

A switch stays on the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import Flask, g, has_request_context, request
from flask_babel import Babel

DEFAULT_LOCALE = "zh_Hans_CN"
TRADITIONAL = "zh_Hant"
LOCALES: Mapping[str, str] = MappingProxyType(
    {DEFAULT_LOCALE: "zh-CN", TRADITIONAL: "zh-Hant", "en": "en"}
)
"""Locale of the catalogue → language tag of pages (BCP 47)."""

OWN_NAMES: Mapping[str, str] = MappingProxyType(
    {DEFAULT_LOCALE: "简体", TRADITIONAL: "繁體", "en": "English"}
)
"""Each language in itself, for the switches."""

COOKIE = "lang"


def init_app(app: Flask) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT_LOCALE
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = app.root_path + "/culture_cloud/translations"
    Babel(app, locale_selector=select_locale)


def select_locale() -> str:
    """The reader's language: chosen for this render, else by cookie, else Chinese.

    Accept-Language is not asked: phones sold in China often say English, and their owners do not.
    """
    forced: str = g.get("locale", "")
    if forced in LOCALES:
        return forced
    chosen = request.cookies.get(COOKIE, "") if has_request_context() else ""
    return chosen if chosen in LOCALES else DEFAULT_LOCALE


def language_tag() -> str:
    """The BCP 47 tag of the language in which this page is drawn."""
    return LOCALES[select_locale()]


def is_chinese() -> bool:
    return select_locale() in {DEFAULT_LOCALE, TRADITIONAL}


def named(row: Any) -> str:
    """The name of a row that carries `name` (Chinese) and `name_en`, in the reader's language."""
    return str(row.name if is_chinese() else row.name_en or row.name)
