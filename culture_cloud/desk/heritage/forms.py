"""The questions about an item: what all kinds share, and what its kind asks, from its schema."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    FormField,
    HiddenField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import ValidationError

from culture_cloud.heritage.facts import SUMMARY_MOST, AgentFacts, ItemFacts, MediaFacts
from culture_cloud.heritage.kinds import ExtraField, Kind
from culture_cloud.heritage.models import HeritageItem
from culture_cloud.heritage.presenter import LANGUAGES, language_code, language_words
from culture_cloud.heritage.relations import RELATIONS, ROLES
from culture_cloud.heritage.rights import RIGHTS, VISIBILITY_WORDS, Visibility
from culture_cloud.web.fields import (
    AtMost,
    Between,
    ChoiceField,
    ListField,
    NumberField,
    many_lines,
    one_line,
)
from culture_cloud.web.fields import lazy as _l

from .cues import NoTime, cues_text, read_cues
from .uploads import sign, unsign

TOO_LONG = _l("Please shorten this")
EMPTY_ROWS = 2
_PARTED = re.compile(r"[,，、;；\n]+")
_POINT = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*")


def listed(text: str) -> list[str]:
    """Several things in one line, parted by commas."""
    return [part.strip() for part in _PARTED.split(text or "") if part.strip()]


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


class ItemForm(FlaskForm):  # type: ignore[misc]
    """What is asked of every kind; `item_form` adds the questions of one."""

    version = HiddenField()
    title = StringField(_l("What is it called?"), [AtMost(200, TOO_LONG)], filters=[one_line])
    other_titles = StringField(
        _l("Other names"),
        [AtMost(400, TOO_LONG)],
        filters=[one_line],
        description=_l("Also in other languages and scripts; put a comma between them"),
    )
    summary = TextAreaField(
        _l("What is it, in one or two plain sentences?"),
        [AtMost(300, TOO_LONG)],
        filters=[one_line],
        description=_l("At most 150 characters; everybody reads this first"),
    )
    description = TextAreaField(
        _l("All that is known of it"), [AtMost(40000, TOO_LONG)], filters=[many_lines]
    )
    date_text = StringField(
        _l("When is it from?"),
        [AtMost(120, TOO_LONG)],
        filters=[one_line],
        description=_l("As people say it: 清光绪年间, 约1930年代, 民国二十三年, 1958年3月"),
    )
    node = ListField(_l("Which hall keeps the record?"))
    place_node = ListField(_l("Which place is it about?"))
    place_text = StringField(
        _l("Where exactly?"),
        [AtMost(200, TOO_LONG)],
        filters=[one_line],
        description=_l("As people say it: 老渡口上游的石滩"),
    )
    point = StringField(
        _l("Latitude and longitude"),
        [AtMost(60, TOO_LONG)],
        filters=[one_line],
        description=_l("For example 23.3498, 101.7462"),
    )
    languages = StringField(
        _l("Languages and scripts of the thing itself"),
        [AtMost(200, TOO_LONG)],
        filters=[one_line],
        description=_l("For example simplified Chinese, traditional Chinese, Hani; commas between"),
    )
    subjects = StringField(_l("Keywords"), [AtMost(400, TOO_LONG)], filters=[one_line])
    agents = FieldList(FormField(AgentForm))
    relations = FieldList(FormField(RelationForm))
    media = FieldList(FormField(MediaForm))
    files = MultipleFileField(
        _l("Add pictures, recordings, PDFs"),
        description=_l("Several at once if you like; large scans as TIFF or JPEG"),
    )
    sources = TextAreaField(
        _l("Where is this from?"),
        [AtMost(4000, TOO_LONG)],
        filters=[many_lines],
        description=_l("Who told it and when, which book, which shelf"),
    )
    rights = ListField(_l("What may others do with it?"))
    rights_holder = StringField(
        _l("To whom does it belong?"), [AtMost(200, TOO_LONG)], filters=[one_line]
    )
    visibility = ChoiceField(_l("Who may see this item?"))
    group = ListField(_l("Which group?"))
    restricted_text = TextAreaField(
        _l("What not everybody may read"),
        [AtMost(20000, TOO_LONG)],
        filters=[many_lines],
        description=_l("What is sacred or private; the others see the reason instead"),
    )
    restricted_to = ListField(_l("Who may read it?"))
    restricted_reason = StringField(
        _l("Why may the others not?"), [AtMost(200, TOO_LONG)], filters=[one_line]
    )

    def offer(
        self,
        *,
        halls: Sequence[tuple[str, str]],
        places: Sequence[tuple[str, str]],
        groups: Sequence[tuple[str, str]],
    ) -> None:
        self.node.choices = list(halls)
        self.place_node.choices = list(places)
        self.group.choices = [("", ""), *groups]
        self.rights.choices = [("", ""), *((code, str(r.words)) for code, r in RIGHTS.items())]
        self.visibility.choices = visibility_choices()
        self.restricted_to.choices = visibility_choices()

    def more_rows(self) -> None:
        """Empty rows to write into, at the end of what repeats."""
        for rows, name in ((self.agents, "name"), (self.relations, "other")):
            empty = sum(1 for entry in rows.entries if not entry.form[name].data)
            for _n in range(EMPTY_ROWS - empty):
                rows.append_entry()

    def validate_point(self, field: Field) -> None:
        if field.data and self.coordinates is None:
            raise ValidationError(_("Please write it like 23.3498, 101.7462"))

    def validate_summary(self, field: Field) -> None:
        if len(field.data or "") > SUMMARY_MOST:
            raise ValidationError(_("At most 150 characters, please; the rest goes further down"))

    def validate_group(self, field: Field) -> None:
        needed = Visibility.GROUP in {self.visibility.data} or (
            self.restricted_text.data and self.restricted_to.data == Visibility.GROUP
        )
        if needed and not field.data:
            raise ValidationError(_("Please choose the group"))

    @property
    def coordinates(self) -> tuple[float, float] | None:
        found = _POINT.fullmatch(self.point.data or "")
        if found is None:
            return None
        latitude, longitude = float(found[1]), float(found[2])
        return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None

    def kind_answers(self, kind: Kind) -> dict[str, Any]:
        """The answers to the kind's own questions; what was left empty is not in it."""
        found = {field.name: self[f"x_{field.name}"].data for field in kind.fields}
        return {name: value for name, value in found.items() if value not in (None, "")}

    def facts(
        self, kind: Kind, *, node_id: int, place_node_id: int | None, pages: dict[int, list[str]]
    ) -> ItemFacts:
        """The answers as facts. `pages` are the texts that the worker has read already."""
        point = self.coordinates
        media = [one for entry in self.media.entries if (one := entry.form.facts()) is not None]
        return ItemFacts(
            kind=kind.code,
            node_id=node_id,
            title=self.title.data or "",
            other_titles=listed(self.other_titles.data or ""),
            summary=self.summary.data or "",
            description=self.description.data or "",
            date_text=self.date_text.data or "",
            place_text=self.place_text.data or "",
            place_node_id=place_node_id,
            latitude=point[0] if point else None,
            longitude=point[1] if point else None,
            languages=[language_code(name) for name in listed(self.languages.data or "")],
            subjects=listed(self.subjects.data or ""),
            sources=self.sources.data or "",
            rights=self.rights.data or "",
            rights_holder=self.rights_holder.data or "",
            visibility=self.visibility.data or Visibility.PUBLIC,
            group_id=int(self.group.data) if self.group.data else None,
            restricted_text=self.restricted_text.data or "",
            restricted_to=self.restricted_to.data or Visibility.GROUP,
            restricted_reason=self.restricted_reason.data or "",
            extra=self.kind_answers(kind),
            agents=[
                AgentFacts(
                    name=entry.form.name.data,
                    role=entry.form.role.data,
                    person_id=_number(entry.form.person.data),
                )
                for entry in self.agents.entries
                if entry.form.name.data
            ],
            relations=[
                (entry.form.kind.data, entry.form.other_id)
                for entry in self.relations.entries
                if entry.form.other.data and entry.form.other_id is not None
            ],
            media=[_with_pages(one, pages) for one in media],
        )


def _with_pages(one: MediaFacts, pages: dict[int, list[str]]) -> MediaFacts:
    return replace(one, pages=pages[one.original_id]) if one.original_id in pages else one


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def item_form(kind: Kind) -> type[ItemForm]:
    """The form of a kind: its extra questions have names that begin with x_."""
    questions = {f"x_{field.name}": _question(field) for field in kind.fields}
    return type(f"{kind.code}_form", (ItemForm,), questions)


def _question(field: ExtraField) -> Any:
    if field.options:
        return ListField(field.label, choices=[("", ""), *field.options], description=field.hint)
    if field.is_number:
        bounds = {"least": field.schema["minimum"], "most": field.schema["maximum"]}
        message = _("Please give a whole number from %(least)s to %(most)s", **bounds)
        return NumberField(
            field.label,
            [Between(bounds["least"], bounds["most"], message)],
            message=message,
            description=field.hint,
        )
    most = AtMost(int(field.schema["maxLength"]), TOO_LONG)
    if field.rows > 1:
        return TextAreaField(field.label, [most], filters=[many_lines], description=field.hint)
    return StringField(field.label, [most], filters=[one_line], description=field.hint)


def answers(item: HeritageItem, kind: Kind) -> dict[str, Any]:
    """An item as the form shows it."""
    point = f"{item.latitude}, {item.longitude}" if item.latitude is not None else ""
    return {
        "version": str(item.version),
        **{
            name: getattr(item, name)
            for name in (
                "title", "summary", "description", "date_text", "place_text", "sources", "rights",
                "rights_holder", "visibility", "restricted_text", "restricted_to",
                "restricted_reason",
            )
        },
        "other_titles": "，".join(item.other_titles),
        "node": item.node.code,
        "place_node": item.place_node.code if item.place_node else "",
        "point": point,
        "languages": "，".join(language_words(code) for code in item.languages),
        "subjects": "，".join(item.subjects),
        "group": str(item.group_id or ""),
        "agents": [
            {"role": a.role, "name": a.name, "person": str(a.person_id or "")} for a in item.agents
        ],
        "relations": [{"kind": r.kind, "other": str(r.other_id)} for r in item.relations],
        "media": [
            {
                "original": sign(m.original_id, m.family, m.filename),
                "cues": cues_text(m.cues),
                **{
                    name: getattr(m, name)
                    for name in (
                        "family", "filename", "alt", "title", "visibility", "withheld_reason",
                        "transcript", "transcript_language", "translation",
                    )
                },
            }
            for m in item.media
        ],
        **{f"x_{field.name}": item.extra.get(field.name) for field in kind.fields},
    }  # fmt: skip
