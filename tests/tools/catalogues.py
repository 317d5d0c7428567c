"""Collect the messages of code and templates and bring both catalogues up to them.

English is the language of the msgids, so its catalogue only needs its plurals; Chinese must have a
translation of every message, which tests/architecture checks.
"""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "culture_cloud" / "translations"
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "lazy": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "Reason": None,
}


def collected() -> Catalog:
    """Every message that code and templates show."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    catalog = Catalog(project="Culture Cloud", charset="utf-8")
    for folder in ("culture_cloud", "templates"):
        found = extract_from_dir(
            str(ROOT),
            method_map=[(p, m) for p, m in methods if p.startswith(folder)],
            options_map=options,
            keywords=KEYWORDS,
            comment_tags=("NOTE:",),
            directory_filter=partial(_inside, folder=folder),
        )
        for filename, _line, message, comments, context in found:
            catalog.add(message, locations=[(filename, 0)], auto_comments=comments, context=context)
    return catalog


def _inside(path: str, folder: str) -> bool:
    relative = Path(path).relative_to(ROOT)
    return relative == Path() or relative.parts[0] == folder


def catalogue_path(locale: str) -> Path:
    return TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"


def read_catalogue(locale: str) -> Catalog:
    path = catalogue_path(locale)
    if not path.exists():
        return Catalog(locale=locale, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def updated(locale: str, messages: Catalog) -> Catalog:
    """The catalogue with the messages there are now; translations kept, vanished ones dropped."""
    before = read_catalogue(locale)
    after = Catalog(locale=locale, project="Culture Cloud", charset="utf-8", fuzzy=False)
    for message in messages:
        if not message.id:
            continue
        known = before.get(message.id)
        string = known.string if known is not None else ""
        if locale == "en" and not any(string if isinstance(string, (tuple, list)) else [string]):
            string = message.id
        if isinstance(message.id, (tuple, list)):
            string = tuple(string) if string else ("",) * after.num_plurals
            string = (
                (string * after.num_plurals)[: after.num_plurals] if len(string) == 1 else string
            )
            string = string[: after.num_plurals]
        after.add(message.id, string, auto_comments=message.auto_comments)
    return after


def text_of(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalog, sort_output=True, no_location=True, omit_header=True, width=100)
    header = (
        'msgid ""\nmsgstr ""\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Language: {catalog.locale}\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    return header.encode() + buffer.getvalue()


def main() -> None:
    messages = collected()
    for locale in ("zh_Hans_CN", "en"):
        path = catalogue_path(locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text_of(updated(locale, messages)))
        print(f"{locale}: {len(list(messages)) - 1} messages")


if __name__ == "__main__":
    main()
