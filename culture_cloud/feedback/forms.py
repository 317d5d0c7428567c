"""What is asked of people who write to us, and of staff who answer."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import Field, FileField, HiddenField, TextAreaField
from wtforms.validators import ValidationError

from culture_cloud.web.fields import (
    AtMost,
    ChoiceField,
    HoneypotMixin,
    IdempotencyMixin,
    IsPhone,
    Needed,
    PhoneField,
    many_lines,
    one_line,
    text_of,
)
from culture_cloud.web.fields import lazy as _l

from . import voices
from .models import Kind, Reply

MOST_CHARACTERS = 3000


class FeedbackForm(HoneypotMixin, IdempotencyMixin, FlaskForm):  # type: ignore[misc]
    """Say it or write it; how to answer; whether others may read it."""

    words = TextAreaField(
        _l("What is hard to use?"),
        [AtMost(MOST_CHARACTERS, _l("Please shorten it to 3000 characters"))],
        filters=[many_lines],
        description=_l("For example: I cannot read the small letters on the map"),
    )
    voice = FileField(_l("Or say it"))
    reply = ChoiceField(
        _l("How shall we answer?"),
        [Needed(_l("Please choose how we answer"))],
        choices=[
            (str(Reply.TEXT_MESSAGE), _l("By text message")),
            (str(Reply.CALL), _l("Call me")),
            (str(Reply.ON_THE_PAGE), _l("No need, I look here")),
        ],
    )
    phone = PhoneField(
        _l("Your phone number"),
        [IsPhone()],
        filters=[one_line],
        description=_l("Only needed for a text message or a call"),
    )
    show = ChoiceField(
        _l("May others read it?"),
        [Needed(_l("Please choose whether others may read it"))],
        description=_l("Never with your name or number"),
        choices=[("yes", _l("Yes, it may help others")), ("no", _l("No, only you"))],
    )
    page = HiddenField(filters=[one_line])
    node = HiddenField(filters=[one_line])
    kind = HiddenField(filters=[one_line])

    def __init__(self, *args: Any, has_voice: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        #: a recording that came with an earlier page
        self.has_voice = has_voice
        #: the recording that came with this one
        self.recording: tuple[bytes, str] | None = None
        if self.is_question:
            self.words.label.text = _("What would you like to ask?")
            self.words.description = _("For example: is there a sign language interpreter?")

    @property
    def is_question(self) -> bool:
        return self.kind.data == Kind.QUESTION

    @property
    def questions(self) -> tuple[str, ...]:
        """What is asked, in order; a question to a hall is private."""
        asked = ["words", "voice", "reply"]
        if self.reply.data != Reply.ON_THE_PAGE:
            asked.append("phone")
        return tuple(asked if self.is_question else [*asked, "show"])

    def read_voice(self) -> None:
        """Look at the recording that was sent with this page, before anything is validated."""
        sent = self.voice.data
        if isinstance(sent, FileStorage) and sent.filename:
            body = sent.stream.read(voices.MOST_BYTES + 1)
            found = voices.sound_type(body)
            if found is not None and len(body) <= voices.MOST_BYTES:
                self.recording = (body, found)

    def validate_words(self, _field: Field) -> None:
        sent = self.voice.data
        tried = isinstance(sent, FileStorage) and bool(sent.filename)
        if not text_of(self.words) and not self.has_voice and not tried:
            raise ValidationError(_("Please write it down, or say it"))

    def validate_voice(self, _field: Field) -> None:
        sent = self.voice.data
        if isinstance(sent, FileStorage) and sent.filename and self.recording is None:
            raise ValidationError(
                _("This is no recording, or it is too large. Choose another one.")
            )

    def validate_phone(self, _field: Field) -> None:
        if self.reply.data in (Reply.TEXT_MESSAGE, Reply.CALL) and not text_of(self.phone):
            raise ValidationError(_("Please give your phone number"))

    @property
    def answers(self) -> list[tuple[str, str]]:
        """What was answered, to be carried along and kept."""
        names = ("words", "reply", "phone", "show", "page", "node", "kind")
        return [(name, text_of(self[name])) for name in names if text_of(self[name])]


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """What staff answer, and what the public list shows of the question."""

    answer = TextAreaField(
        _l("Our answer"),
        [
            Needed(_l("Please write the answer")),
            AtMost(MOST_CHARACTERS, _l("Please shorten it to 3000 characters")),
        ],
        filters=[many_lines],
        description=_l("Say what we did or will do, and thank them"),
    )
    shown_words = TextAreaField(
        _l("The question in the public list"),
        [AtMost(MOST_CHARACTERS, _l("Please shorten it to 3000 characters"))],
        filters=[many_lines],
        description=_l("Take names and numbers out. Left empty, it is not shown."),
    )
