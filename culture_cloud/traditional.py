"""Traditional Chinese, made from the simplified by OpenCC.

The interface: `python -m culture_cloud.traditional` makes its catalogue when the site is built,
from the simplified one and `translations/zh_Hant/overrides.json`, for words better said otherwise.
What people wrote (titles, descriptions) is converted as the page leaves, and the page says so: it
is a machine's work. Nothing that is typed into a form is changed.
"""

from __future__ import annotations

import json
import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, Response

from .i18n import DEFAULT_LOCALE, TRADITIONAL, select_locale

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog
    from opencc import OpenCC

TRANSLATIONS = Path(__file__).with_name("translations")
OVERRIDES = TRANSLATIONS / TRADITIONAL / "overrides.json"
_KEPT = re.compile(
    r"<(script|style|textarea|svg)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE
)
"""Tags and what is no text of the page: of these only some attributes are converted."""

_SAID = re.compile(r'(\s(?:alt|title|aria-label|data-label|data-[a-z]+)=")([^"]*[一-鿿][^"]*)(")')


@lru_cache(maxsize=1)
def overrides() -> dict[str, str]:
    """Words that are better said otherwise than OpenCC has them: as converted → as said."""
    found: dict[str, str] = json.loads(OVERRIDES.read_text(encoding="utf-8"))
    return found


def converted(text: str) -> str:
    """Simplified text in traditional characters; what is traditional already stays."""
    said = str(_converter().convert(text))
    for word, better in overrides().items():
        said = said.replace(word, better)
    return said


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("s2t")


def converted_page(html: str) -> str:
    """A page with its text in traditional characters; markup and typed values as they are."""
    parts: list[str] = []
    end = 0
    for kept in _KEPT.finditer(html):
        parts.append(converted(html[end : kept.start()]))
        parts.append(_SAID.sub(lambda said: said[1] + converted(said[2]) + said[3], kept[0]))
        end = kept.end()
    parts.append(converted(html[end:]))
    return "".join(parts)


def catalogue() -> Catalog:
    """The simplified catalogue in traditional characters."""
    source = TRANSLATIONS / DEFAULT_LOCALE / "LC_MESSAGES" / "messages.po"
    with source.open("rb") as file:
        made = read_po(file, locale=TRADITIONAL)
    for message in made:
        if message.id and isinstance(message.string, (tuple, list)):
            message.string = tuple(converted(one) for one in message.string)
        elif message.id:
            message.string = converted(str(message.string or ""))
    return made


def init_app(app: Flask) -> None:
    app.after_request(_convert)


def _convert(response: Response) -> Response:
    is_page = response.mimetype == "text/html" and not response.direct_passthrough
    if is_page and "Content-Encoding" not in response.headers and select_locale() == TRADITIONAL:
        response.set_data(converted_page(response.get_data(as_text=True)))
    return response


def main() -> None:
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        write_mo(file, catalogue())


if __name__ == "__main__":
    main()
