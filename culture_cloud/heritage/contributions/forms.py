"""What a resident is asked who brings something."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from culture_cloud.web.fields import (
    AtMost,
    ChoiceField,
    HoneypotMixin,
    IdempotencyMixin,
    IsPhone,
    ListField,
    Needed,
    PhoneField,
    many_lines,
    one_line,
)
from culture_cloud.web.fields import lazy as _l

from .services import KINDS

TOO_LONG = _l("Please shorten this")


class GiftForm(HoneypotMixin, IdempotencyMixin, FlaskForm):  # type: ignore[misc]
    """A photograph, a memory, a recording or a correction."""

    kind = ChoiceField(_l("What do you bring us?"), [Needed(_l("Please choose what it is"))])
    title = StringField(
        _l("What is on it, or what is it about?"),
        [Needed(_l("Please say in a few words what it is about")), AtMost(200, TOO_LONG)],
        filters=[one_line],
        description=_l("In a few words, for example: the old ferry, around 1970"),
    )
    text = TextAreaField(
        _l("Tell us about it"),
        [AtMost(8000, TOO_LONG)],
        filters=[many_lines],
        description=_l("Who or what is to be seen or heard? How was it? As you would tell it."),
    )
    when_text = StringField(
        _l("When was that?"),
        [AtMost(120, TOO_LONG)],
        filters=[one_line],
        description=_l("As people say it: 1958年3月, 约1970年代, 解放前"),
    )
    node = ListField(_l("Which place does it belong to?"), [Needed(_l("Please choose the place"))])
    file = FileField(
        _l("Picture or recording"),
        description=_l(
            "A photograph (JPEG, PNG) or a recording (MP3, M4A, MP4), at most 12 MB;"
            " if you are signed in, at most 200 MB. Larger things: bring them to the hall."
        ),
    )
    #: a file that came with an earlier try of the same form (signed)
    kept = HiddenField()
    name = StringField(
        _l("Your name"),
        [Needed(_l("Please tell us your name")), AtMost(80, TOO_LONG)],
        filters=[one_line],
    )
    phone = PhoneField(
        _l("Phone number, if we may call you"),
        [IsPhone()],
        filters=[one_line],
        description=_l("It is seen by our staff only"),
    )
    consent = BooleanField(
        _l("It is mine to give, and the hall may keep it and show it here"),
        [Needed(_l("Without your consent we may not keep it"))],
    )
    may_name = BooleanField(_l("My name may stand beside it"))

    def offer(self, places: list[tuple[str, str]], *, correcting: bool) -> None:
        kinds = ["correction", "memory", "photograph", "recording"]
        if not correcting:
            kinds = ["photograph", "memory", "recording"]
        self.kind.choices = [(code, str(KINDS[code])) for code in kinds]
        self.node.choices = places

    def validate_text(self, field: Field) -> None:
        if self.kind.data in {"memory", "correction"} and not field.data:
            raise ValidationError(_("Please tell us about it"))

    def validate_file(self, field: Field) -> None:
        wanted = self.kind.data in {"photograph", "recording"}
        if wanted and not field.data and not self.kept.data:
            raise ValidationError(_("Please choose the picture or recording"))
