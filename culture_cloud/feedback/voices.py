"""Voice notes as phones record them, known by their first bytes and never by their name."""

from __future__ import annotations

MOST_BYTES = 10 * 1024 * 1024
ACCEPT = "audio/*,.m4a,.amr,.aac,.mp3,.ogg,.opus,.wav,.webm,.3gp"

#: (where the mark stands, the mark, its type): RFC 4281 and the formats' own papers
_MARKS: tuple[tuple[int, bytes, str], ...] = (
    (4, b"ftyp3g", "audio/3gpp"),
    (4, b"ftyp", "audio/mp4"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"RIFF", "audio/wav"),
    (0, b"fLaC", "audio/flac"),
    (0, b"caff", "audio/x-caf"),
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
)

ENDINGS = {
    **{"audio/mp4": "m4a", "audio/mpeg": "mp3", "audio/wav": "wav", "audio/aac": "aac"},
    **{"audio/3gpp": "3gp", "audio/amr": "amr", "audio/ogg": "ogg", "audio/webm": "webm"},
    **{"audio/flac": "flac", "audio/x-caf": "caf"},
}


def sound_type(body: bytes) -> str | None:
    """The type of a recording; None where it is none that a phone makes."""
    for place, mark, content_type in _MARKS:
        if body[place : place + len(mark)] == mark:
            if mark == b"RIFF" and body[8:12] != b"WAVE":
                continue
            return content_type
    return None
