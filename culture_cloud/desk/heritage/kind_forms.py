"""The questions of one kind, made from its schema."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import StringField, TextAreaField

from culture_cloud.heritage.kinds import ExtraField, Kind
from culture_cloud.web.fields import AtMost, Between, ListField, NumberField, many_lines, one_line

from .forms import ItemForm
from .part_forms import TOO_LONG


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
