"""Publications in words and addresses, as lists, pages and catalogues show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from culture_cloud.reading.books import BookFolder, folder_of
from culture_cloud.reading.models import Form, Kind, Publication, Rights
from culture_cloud.web.fields import lazy as _l

LANGUAGES = {
    "zh": ("中文", "Chinese"),
    "en": ("英语", "English"),
    "ar": ("阿拉伯语", "Arabic"),
    "fr": ("法语", "French"),
    "de": ("德语", "German"),
    "ja": ("日语", "Japanese"),
    "ko": ("韩语", "Korean"),
    "ru": ("俄语", "Russian"),
    "es": ("西班牙语", "Spanish"),
    "bo": ("藏语", "Tibetan"),
    "ug": ("维吾尔语", "Uyghur"),
    "mn": ("蒙古语", "Mongolian"),
    "ii": ("彝语", "Yi"),
    "za": ("壮语", "Zhuang"),
}


_KINDS: dict[str, str] = {
    Kind.BOOK: _l("Book"),
    Kind.PERIODICAL: _l("Periodical"),
    Kind.AUDIO_BOOK: _l("Audio book"),
    Kind.PICTURE_BOOK: _l("Picture book"),
    Kind.VIDEO: _l("Video lesson"),
    Kind.LOCAL: _l("Local document"),
}
_FORMS: dict[str, str] = {
    Form.TEXT: _l("To read as text"),
    Form.PAGES: _l("As page pictures"),
    Form.AUDIO: _l("To listen to"),
    Form.VIDEO: _l("To watch"),
    Form.BRAILLE: _l("In Braille"),
}
_RIGHTS: dict[str, str] = {
    Rights.PUBLIC_DOMAIN: _l("Free of copyright"),
    Rights.OPEN_LICENCE: _l("Open licence"),
    Rights.LICENSED: _l("Licensed to this network"),
    Rights.ON_SITE: _l("Only inside the halls"),
}


def kind_names() -> dict[str, str]:
    return {code: str(words) for code, words in _KINDS.items()}


def kind_name(code: str) -> str:
    return str(_KINDS.get(code, ""))


def form_names() -> dict[str, str]:
    return {code: str(words) for code, words in _FORMS.items()}


def rights_names() -> dict[str, str]:
    return {code: str(words) for code, words in _RIGHTS.items()}


def rights_name(code: str) -> str:
    return str(_RIGHTS.get(code, ""))


def language_name(tag: str) -> str:
    """The name of a language for its BCP 47 tag; the tag itself where we have no name."""
    from culture_cloud.i18n import is_chinese

    names = LANGUAGES.get(tag.split("-", maxsplit=1)[0].lower())
    if names is None:
        return tag
    return names[0] if is_chinese() else names[1]


def people(names: Iterable[str]) -> str:
    return _(", ").join(names)


@dataclass(frozen=True, slots=True)
class Card:
    """What a list shows of a title."""

    title: str
    href: str
    kind: str
    by: str
    length: str
    cover: dict[str, Any]
    note: str = ""


def card(publication: Publication, *, note: str = "", href: str = "") -> Card:
    return Card(
        title=publication.title,
        href=href or url_for("reading.page", publication_id=publication.id),
        kind=kind_name(publication.kind),
        by=people(publication.authors[:3]),
        length=length_words(publication),
        cover=cover(publication),
        note=note,
    )


def cover(publication: Publication) -> dict[str, Any]:
    """The cover as an <img> needs it; the address changes with the picture."""
    version = (publication.book_key or "0")[:8]
    if not publication.has_cover:
        version = f"t{publication.version}"
    small = url_for("reading_files.cover", publication_id=publication.id, width=240, v=version)
    large = small.replace("cover-240.", "cover-480.")
    return {
        "src": small,
        "srcset": f"{small} 240w, {large} 480w",
        "width": 240,
        "height": 320,
    }


def length_words(publication: Publication) -> str:
    """How long it is, in words people use."""
    if publication.form in {Form.AUDIO, Form.VIDEO} and publication.seconds:
        return duration_words(publication.seconds)
    if publication.form == Form.PAGES:
        return str(ngettext("%(num)d page", "%(num)d pages", publication.chapters))
    if publication.characters >= 20_000 and publication.language.startswith("zh"):
        return _("%(number)s × 10,000 characters", number=round(publication.characters / 10_000, 1))
    if publication.chapters:
        return str(ngettext("%(num)d chapter", "%(num)d chapters", publication.chapters))
    return ""


def duration_words(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return str(ngettext("%(num)d minute", "%(num)d minutes", minutes))
    return _("%(hours)s h %(minutes)s min", hours=minutes // 60, minutes=minutes % 60)


def size_words(size: int) -> str:
    if size < 1024 * 1024:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def book(publication: Publication) -> BookFolder:
    """The book folder of a publication. Raises NotFound."""
    return folder_of(current_app.config["DATA_FOLDER"], publication.id, publication.book_key)


# --- accessibility in plain words (RD-01) --------------------------------------------------------

_FEATURES = {
    "alternativeText": "pictures_described",
    "longDescription": "pictures_described",
    "tableOfContents": "contents",
    "structuralNavigation": "structure",
    "readingOrder": "structure",
    "displayTransformability": "adjustable",
    "synchronizedAudioText": "heard_along",
    "captions": "captions",
    "transcript": "transcript",
    "MathML": "formulas",
    "ttsMarkup": "voice",
    "rubyAnnotations": "ruby",
    "fullRubyAnnotations": "ruby",
    "braille": "braille",
    "largePrint": "large",
    "signLanguage": "sign",
    "pageBreakMarkers": "page_numbers",
    "index": "index",
}
_HAZARDS = {"flashing": "flashing", "motionSimulation": "motion", "sound": "sound"}


def _feature_words() -> dict[str, str]:
    return {
        "pictures_described": _("Pictures are described in words"),
        "contents": _("Has a table of contents"),
        "structure": _("Headings and order can be followed with a screen reader"),
        "adjustable": _("Type size and colours can be changed"),
        "heard_along": _("Read aloud by a person, the words are marked as they are heard"),
        "captions": _("Has captions"),
        "transcript": _("Has a transcript"),
        "formulas": _("Formulas can be read aloud"),
        "voice": _("Prepared for being read aloud"),
        "ruby": _("Characters carry their reading"),
        "braille": _("In Braille"),
        "large": _("In large print"),
        "sign": _("With sign language"),
        "page_numbers": _("Page numbers of the printed book can be followed"),
        "index": _("Has an index"),
    }


def access_words(publication: Publication) -> list[str]:
    """What the file says of its accessibility, and what we know of it, in plain sentences."""
    told: dict[str, Any] = publication.access or {}
    modes = {m for text in told.get("accessModeSufficient", []) for m in str(text).split(",")}
    sentences: list[str] = []
    if publication.form == Form.TEXT or (publication.characters and not publication.only_pictures):
        sentences.append(_("Can be read as text: larger, in other colours, with a screen reader"))
    elif publication.only_pictures:
        sentences.append(_("Only pictures: there is no text for screen readers or for search"))
    if publication.machine_read:
        sentences.append(_("Its words were read from the pictures by a machine"))
    if {m.strip() for m in modes} == {"textual"}:
        sentences.append(_("Everything in it can be followed by its text alone"))
    words = _feature_words()
    for feature in told.get("accessibilityFeature", []):
        said = words.get(_FEATURES.get(str(feature), ""))
        if said and said not in sentences:
            sentences.append(said)
    hazards = {str(h) for h in told.get("accessibilityHazard", [])}
    warned = {
        "flashing": _("Careful: something in it flashes"),
        "motion": _("Careful: moving pictures may make you dizzy"),
        "sound": _("Careful: sudden sounds"),
    }
    sentences += [warned[_HAZARDS[h]] for h in sorted(hazards) if h in _HAZARDS]
    summaries = [str(text) for text in told.get("accessibilitySummary", [])]
    return sentences + summaries[:2]
