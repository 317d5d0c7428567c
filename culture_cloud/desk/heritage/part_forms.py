"""What an item may have several of: people, relations, files; a small form for each."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError

from culture_cloud.heritage.facts import MediaFacts
from culture_cloud.heritage.presenter import LANGUAGES
from culture_cloud.heritage.relations import RELATIONS, ROLES
from culture_cloud.heritage.rights import VISIBILITY_WORDS, Visibility
from culture_cloud.web.fields import AtMost, ListField, many_lines, one_line
from culture_cloud.web.fields import lazy as _l

from .cues import NoTime, read_cues
from .uploads import unsign

TOO_LONG = _l("Please shorten this")


def visibility_choices() -> list[tuple[str, str]]:
    return [(str(code), str(words)) for code, words in VISIBILITY_WORDS.items()]


class AgentForm(PlainForm):
    """Somebody and what they had to do with it."""

    role = ListField(_l("Role"))
    name = StringField(_l("Name"), [AtMost(120, TOO_LONG)], filters=[one_line])
    person = HiddenField()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.role.choices = [("", ""), *((code, str(words)) for code, words in ROLES.items())]

    def validate_name(self, field: Field) -> None:
        if field.data and not self.role.data:
            raise ValidationError(_("Please say what this person had to do with it"))


class RelationForm(PlainForm):
    """Another item and how this one hangs together with it."""

    kind = ListField(_l("How"))
    other = StringField(
        _l("Number or address of the other item"), [AtMost(300, TOO_LONG)], filters=[one_line]
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.kind.choices = [("", ""), *((c, str(r.words)) for c, r in RELATIONS.items())]

    def validate_other(self, field: Field) -> None:
        if field.data and self.other_id is None:
            raise ValidationError(_("Please give the number at the end of the item's address"))
        if field.data and not self.kind.data:
            raise ValidationError(_("Please say how the two belong together"))

    @property
    def other_id(self) -> int | None:
        found = re.search(r"(\d{1,9})/?\s*$", str(self.other.data or ""))
        return int(found[1]) if found else None


class MediaForm(PlainForm):
    """A file that is stored already."""

    original = HiddenField()
    family = HiddenField()
    filename = HiddenField()
    alt = StringField(
        _l("What is to be seen on it?"),
        [AtMost(500, TOO_LONG)],
        filters=[one_line],
        description=_l("For who cannot see it: who or what, where, what is going on"),
    )
    title = StringField(_l("Title of this file"), [AtMost(200, TOO_LONG)], filters=[one_line])
    visibility = ListField(_l("Who may see or hear it?"))
    withheld_reason = StringField(
        _l("Why not everybody?"), [AtMost(200, TOO_LONG)], filters=[one_line]
    )
    transcript_language = ListField(_l("Language that is spoken"))
    transcript = TextAreaField(
        _l("What is said, as it is said"), [AtMost(60000, TOO_LONG)], filters=[many_lines]
    )
    translation = TextAreaField(
        _l("The same in Putonghua"), [AtMost(60000, TOO_LONG)], filters=[many_lines]
    )
    cues = TextAreaField(
        _l("Sentences with their times"),
        [AtMost(60000, TOO_LONG)],
        filters=[many_lines],
        description=_l("One a line, the time first, for example: 1:05 那年江水大得很"),
    )
    gone = BooleanField(_l("Take this file away from the item"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.visibility.choices = visibility_choices()
        self.transcript_language.choices = [
            ("", ""),
            *((code, str(words)) for code, words in LANGUAGES.items()),
        ]

    def validate_cues(self, field: Field) -> None:
        try:
            read_cues(field.data or "")
        except NoTime as error:
            raise ValidationError(
                _("This line does not begin with a time such as 1:05: %(line)s", line=error)
            ) from None

    def facts(self) -> MediaFacts | None:
        stored = unsign(self.original.data or "")
        if stored is None or self.gone.data:
            return None
        original_id, family, filename = stored
        return MediaFacts(
            original_id=original_id,
            family=family,
            filename=filename,
            title=self.title.data or "",
            alt=self.alt.data or "",
            visibility=self.visibility.data or Visibility.PUBLIC,
            withheld_reason=self.withheld_reason.data or "",
            transcript=self.transcript.data or "",
            transcript_language=self.transcript_language.data or "",
            translation=self.translation.data or "",
            cues=read_cues(self.cues.data or ""),
        )
