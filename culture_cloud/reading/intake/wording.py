"""What was found in a file, in words its uploader understands: what it is, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

Facts = Mapping[str, Any]


def _size(number: int) -> str:
    return f"{number / 1024 / 1024:.0f} MB"


REFUSALS: dict[str, Callable[[Facts], str]] = {
    "empty_file": lambda _f: _("The file is empty. Please send it again."),
    "unknown_file": lambda _f: _(
        "This kind of file cannot be read here. We take EPUB, PDF, MP3, M4A, OGG, "
        "MP4, WebM, and ZIP with page images."
    ),
    "office_file": lambda _f: _(
        "This is a Word or other office file. Please save it as PDF or EPUB and send that."
    ),
    "kindle_file": lambda _f: _(
        "This is a Kindle book. Please send it as EPUB; the program Calibre can convert it."
    ),
    "web_page": lambda _f: _(
        "This is a web page or a drawing, not a book. We take EPUB, PDF, sound, "
        "film, and ZIP with page images."
    ),
    "single_picture": lambda _f: _(
        "This is a single picture. Please put all page images of a book into one ZIP file."
    ),
    "other_archive": lambda _f: _(
        "This archive cannot be opened here. Please pack the pictures as ZIP."
    ),
    "zip_broken": lambda _f: _(
        "The file is damaged and cannot be opened. Please fetch it again and send it once more."
    ),
    "zip_too_many": lambda f: _(
        "The file holds %(number)s parts; at most %(most)s are taken.",
        number=f.get("number"),
        most=f.get("most"),
    ),
    "zip_bomb": lambda _f: _(
        "The file would become far too large when unpacked. It was not opened."
    ),
    "zip_twice": lambda f: _(
        "Two parts of the file have the same name: %(name)s.", name=f.get("name")
    ),
    "zip_encrypted": lambda _f: _(
        "The file is locked with a password. Please send it without one."
    ),
    "zip_method": lambda _f: _(
        "The file is packed in an unusual way. Please pack it anew as an ordinary ZIP or EPUB."
    ),
    "zip_path": lambda f: _(
        "A part of the file has a dangerous name: %(name)s. It was not opened.", name=f.get("name")
    ),
    "zip_nested": lambda f: _(
        "The file holds another archive: %(name)s. Please unpack that one first.",
        name=f.get("name"),
    ),
    "zip_of_what": lambda _f: _("This ZIP file holds neither a book nor page images."),
    "drm": lambda _f: _(
        "The book is protected against copying (DRM). Only its seller's programs "
        "can open it. Please ask for a copy without protection."
    ),
    "epub_no_container": lambda _f: _(
        "This EPUB has no table of its parts (META-INF/container.xml), so it cannot be opened."
    ),
    "epub_no_package": lambda _f: _(
        "The description of this EPUB (the OPF file) is missing or damaged."
    ),
    "epub_empty": lambda _f: _("This EPUB holds no text and no pictures that could be read."),
    "pdf_encrypted": lambda _f: _("The PDF is locked with a password. Please send it without one."),
    "pdf_broken": lambda _f: _(
        "The PDF is damaged and cannot be opened. Please save it anew and send that."
    ),
    "pdf_empty": lambda _f: _("The PDF has no pages."),
    "pdf_too_many_pages": lambda f: _(
        "The PDF has %(number)s pages; at most %(most)s are taken. Please split it into volumes.",
        number=f.get("number"),
        most=f.get("most"),
    ),
    "media_broken": lambda _f: _(
        "The sound or film is damaged or of an unusual kind. Please save it as "
        "MP3 or MP4 and send that."
    ),
    "too_much": lambda _f: _(
        "The file asks for more work than is allowed; it may have been made to do "
        "harm. It was not opened."
    ),
    "too_large": lambda f: _(
        "The file is too large; at most %(most)s are taken.", most=f.get("most")
    ),
}

NOTES: dict[str, Callable[[Facts], str]] = {
    "script": lambda _f: _(
        "The book held programs (scripts). They were taken out; the text stays."
    ),
    "embedded": lambda _f: _("The book held foreign frames. They were taken out."),
    "media_inside": lambda _f: _("The book held sound or film within its text. It is not shown."),
    "form_inside": lambda _f: _("The book held form fields. They were taken out."),
    "outside": lambda _f: _("The book wanted to load things from other sites. They were left out."),
    "css_outside": lambda _f: _("The book's design wanted to load files. They were left out."),
    "link_dangerous": lambda f: ngettext(
        "%(num)d dangerous link was made plain text.",
        "%(num)d dangerous links were made plain text.",
        int(f.get("count", 1)),
    ),
    "link_broken": lambda f: ngettext(
        "%(num)d link leads nowhere.", "%(num)d links lead nowhere.", int(f.get("count", 1))
    ),
    "entities": lambda _f: _(
        "The book defined abbreviations of its own (XML entities). They were ignored for safety."
    ),
    "not_well_formed": lambda f: ngettext(
        "%(num)d part has faulty markup and was mended. Please look through the book.",
        "%(num)d parts have faulty markup and were mended. Please look through the book.",
        int(f.get("count", 1)),
    ),
    "wrong_encoding": lambda f: _(
        "The text is written in another encoding than it says; it was read as "
        "%(encoding)s. Please look whether it reads well.",
        encoding=f.get("encoding"),
    ),
    "epub_mimetype": lambda _f: _(
        "The file does not call itself an EPUB at its beginning. It was read all the same."
    ),
    "epub_part_missing": lambda f: ngettext(
        "%(num)d chapter is named in the book but missing in the file: %(name)s.",
        "%(num)d chapters are named in the book but missing in the file, the first is %(name)s.",
        int(f.get("count", 1)),
        name=f.get("name"),
    ),
    "epub_part_strange": lambda f: _(
        "A part of the book is no text and was left out: %(name)s.", name=f.get("name")
    ),
    "epub_part_broken": lambda f: _(
        "A part of the book cannot be read: %(name)s.", name=f.get("name")
    ),
    "picture_missing": lambda f: ngettext(
        "%(num)d picture is missing in the file.",
        "%(num)d pictures are missing in the file.",
        int(f.get("count", 1)),
    ),
    "picture_unusable": lambda f: ngettext(
        "%(num)d picture cannot be shown.",
        "%(num)d pictures cannot be shown.",
        int(f.get("count", 1)),
    ),
    "picture_svg": lambda f: ngettext(
        "%(num)d drawing (SVG) is shown by its words only.",
        "%(num)d drawings (SVG) are shown by their words only.",
        int(f.get("count", 1)),
    ),
    "picture_without_words": lambda f: ngettext(
        "%(num)d picture has no description for people who cannot see it.",
        "%(num)d pictures have no description for people who cannot see them.",
        int(f.get("count", 1)),
    ),
    "pdf_script": lambda _f: _("The PDF holds programs. They are never run here."),
    "pdf_only_pictures": lambda _f: _(
        "The PDF is a scan without text: it cannot be searched or read aloud, and "
        "is marked 「only pictures」."
    ),
    "pdf_page_broken": lambda f: ngettext(
        "%(num)d page has no readable text.",
        "%(num)d pages have no readable text.",
        int(f.get("count", 1)),
    ),
    "pictures_without_words": lambda _f: _(
        "The pages have no words. Put a text file beside each picture (001.jpg "
        "with 001.txt) so that everybody can read along."
    ),
    "video_without_captions": lambda _f: _(
        "The film has no captions. Add a WebVTT file so that deaf readers can follow."
    ),
}


def words_of(finding: Mapping[str, Any]) -> str:
    """A finding as stored (`code`, `facts`) in the reader's language."""
    code, facts = str(finding.get("code", "")), finding.get("facts") or {}
    said = REFUSALS.get(code) or NOTES.get(code)
    return said(facts) if said else _("Something in the file is unusual: %(code)s", code=code)
