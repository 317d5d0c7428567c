"""Recordings put up, heard, taken away."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from culture_cloud import audit, clock
from culture_cloud.media import services as media_services
from culture_cloud.media.originals import Kept
from culture_cloud.media.sniffing import M4A, MP3, MP4, OGG, WAV, WEBM, Family
from culture_cloud.speech.speaking import Listening, listening
from culture_cloud.web.fields import lazy as _l

from .models import Recording

WANTED = (Family.AUDIO, Family.VIDEO)
PLAYED = {MP3, M4A, OGG, WAV, MP4, WEBM}
"""What browsers play; recorders of phones name sound in a box for video too."""

audit.words.describe(
    "recording",
    noun=_l("Recording of a page"),
    actions={"put_up": _l("put up"), "removed": _l("removed")},
    fields={"spoken_by": _l("Who speaks")},
)


def digest(words: Iterable[str]) -> str:
    """A short name of the words of a page; changes with any of them, not with spaces."""
    said = "\n".join(" ".join(paragraph.split()) for paragraph in words)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def of(session: Session, kind: str, subject_id: object) -> Recording | None:
    """The recording of a page, fresh or not."""
    return session.scalar(
        select(Recording).where(
            Recording.subject_kind == kind, Recording.subject_id == str(subject_id)
        )
    )


def heard(
    session: Session, kind: str, subject_id: object, *, words: list[str], said: list[str]
) -> Listening | None:
    """The player of a page: a person's recording of these words, else the engine.

    words: what staff wrote on the page, without what changes by itself (places left, today's
    hours). said: everything the engine says.
    """
    recording = of(session, kind, subject_id)
    if recording is not None and is_fresh(recording, words):
        seconds = recording.original.seconds
        return Listening(
            key=f"recording-{recording.id}",
            src=f"/recordings/{recording.id}-{recording.original.checksum[:12]}",
            minutes=max(1, round(seconds / 60)) if seconds else 0,
            spoken_by=recording.spoken_by,
        )
    return listening(said)


def is_fresh(recording: Recording, words: Iterable[str]) -> bool:
    return recording.words_digest == digest(words)


def put_up(
    session: Session,
    kind: str,
    subject_id: object,
    *,
    kept: Kept,
    spoken_by: str,
    words_digest: str,
    by: int,
    now: datetime | None = None,
) -> Recording:
    """Write a stored sound down as the recording of a page, in place of the one before."""
    original = media_services.record(session, kept)
    recording = of(session, kind, subject_id)
    if recording is None:
        recording = Recording(subject_kind=kind, subject_id=str(subject_id))
        session.add(recording)
    recording.original_id = original.id
    recording.spoken_by = spoken_by
    recording.words_digest = words_digest
    recording.added_at = now or clock.now()
    recording.added_by_id = by
    session.flush()
    _note(session, recording, "put_up", by)
    return recording


def remove(session: Session, recording: Recording, *, by: int) -> None:
    """Take a recording off its page; the engine reads it again."""
    _note(session, recording, "removed", by)
    session.delete(recording)


def _note(session: Session, recording: Recording, action: str, by: int) -> None:
    audit.record(
        session,
        actor=by,
        action=action,
        subject_kind="recording",
        subject_id=recording.id,
        reason=f"{recording.subject_kind} {recording.subject_id}",
    )
