"""The questions that all kinds share; `kind_forms` adds those of one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import Field, FieldList, FormField, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from culture_cloud.heritage.facts import SUMMARY_MOST, AgentFacts, ItemFacts, MediaFacts
from culture_cloud.heritage.kinds import Kind
from culture_cloud.heritage.presenter import language_code
from culture_cloud.heritage.rights import RIGHTS, Visibility
from culture_cloud.web.fields import AtMost, ChoiceField, ListField, many_lines, one_line
from culture_cloud.web.fields import lazy as _l

from .part_forms import TOO_LONG, AgentForm, MediaForm, RelationForm, visibility_choices

EMPTY_ROWS = 2
_PARTED = re.compile(r"[,，、;；\n]+")
_POINT = re.compile(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*")


def listed(text: str) -> list[str]:
    """Several things in one line, parted by commas."""
    return [part.strip() for part in _PARTED.split(text or "") if part.strip()]


class ItemForm(FlaskForm):  # type: ignore[misc]
    """What is asked of every kind; `kind_forms.item_form` adds the questions of one."""

    version = HiddenField()
    title = StringField(_l("What is this called?"), [AtMost(200, TOO_LONG)], filters=[one_line])
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
