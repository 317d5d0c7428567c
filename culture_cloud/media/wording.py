"""Why an upload was refused, in words people use."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

_WORDS = {
    "empty": _l("The file is empty. Please choose it again."),
    "too_large": _l("The file is too large. Please send a smaller one, or bring it to the hall."),
    "cut_off": _l("The file is cut off: its end is missing. Please send it once more."),
    "svg": _l("Drawings of the kind SVG are not taken. Please save it as PNG or JPEG."),
    "heic": _l("This phone saves pictures as HEIC. Please send it as JPEG."),
    "unknown": _l("This kind of file cannot be used here. Please look at the list of kinds."),
    "not_wanted_picture": _l("This is not a picture. Please send JPEG, PNG, WebP or TIFF."),
    "not_wanted_audio": _l("This is not a recording. Please send MP3, M4A, OGG, WAV or MP4."),
    "not_wanted_video": _l("This is not a video. Please send MP4 or WebM."),
    "not_wanted_pdf": _l("This is not a PDF."),
    "not_wanted_epub": _l("This is not an EPUB book."),
    "not_wanted_captions": _l("These are not captions. Please send a WebVTT file."),
    "not_a_picture": _l("The picture cannot be read. Please save it as JPEG and send it again."),
    "too_many_pixels": _l("The picture has too many points. Please scan it at a lower resolution."),
    "bad_archive": _l("The ZIP file is damaged. Please pack it once more."),
    "archive_locked": _l("The ZIP file has a password. Please pack it without one."),
    "archive_too_large": _l("What is packed is too large or too much. Please send it in parts."),
    "progressive": _l(
        "A picture this large cannot be opened bit by bit. Please save it as an ordinary JPEG"
        " (not progressive) or as TIFF."
    ),
}


def picture_refusal_words(reason: str) -> str:
    """The words of a PictureRefused: a poster, a photo of a place."""
    if reason == "not_a_picture":
        return _("This file is no picture that we can show. Please choose a photo")
    return _("This picture is too large. Please choose a smaller one")


def refusal_words(reason: str) -> str:
    """The words of an UploadRefused or of a failed derivative."""
    return str(_WORDS.get(reason) or _("The file cannot be used. Please choose another one."))
