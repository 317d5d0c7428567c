"""What importing and feeds ask."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, StringField, ValidationError

from culture_cloud.activities.fetching import NotFetched, check_address
from culture_cloud.activities.importing.mapping import shipped_mappings
from culture_cloud.activities.importing.plans import Showing
from culture_cloud.activities.importing.wording import reason_words
from culture_cloud.web.fields import AtMost, ChoiceField, ListField, Needed, one_line
from culture_cloud.web.fields import lazy as _l

EVERY_HOURS = (1, 6, 24)


class UploadForm(FlaskForm):  # type: ignore[misc]
    """Whose list it is, the list, and what becomes of it."""

    node = ListField(_l("Whose activities are they?"), validators=[Needed(_l("Choose a hall"))])
    file = FileField(
        _l("The list"),
        description=_l("An Excel table (.xlsx), .csv, a calendar (.ics) or JSON. At most 10 MB."),
        validators=[Needed(_l("Choose the file with the list"))],
    )
    showing = ChoiceField(
        _l("What becomes of new activities?"),
        default=Showing.PUBLISH,
        choices=[
            (Showing.PUBLISH, _l("Show them to everybody")),
            (Showing.DRAFT, _l("Keep them as drafts, I look through them first")),
        ],
        validators=[Needed(_l("Choose what becomes of new activities"))],
    )


class FeedForm(FlaskForm):  # type: ignore[misc]
    """A feed: where it is, how often it is fetched, what becomes of it."""

    node = ListField(_l("Whose activities are they?"), validators=[Needed(_l("Choose a hall"))])
    url = StringField(
        _l("Address of the feed"),
        description=_l("A calendar (.ics) or JSON. The address begins with https:// or http://."),
        filters=[one_line],
        validators=[
            Needed(_l("Enter the address of the feed")),
            AtMost(1000, _l("The address is too long")),
        ],
    )
    mapping = ListField(
        _l("Form of the data"),
        description=_l("Calendars and schema.org are known by themselves."),
    )
    every_hours = ChoiceField(
        _l("How often is it fetched?"),
        coerce=int,
        default=6,
        validators=[Needed(_l("Choose how often it is fetched"))],
    )
    publish = BooleanField(_l("Show new activities to everybody at once"))

    def offer(self, nodes: list[tuple[str, str]]) -> None:
        self.node.choices = nodes
        self.mapping.choices = [("", _("Known by itself")), *((n, n) for n in shipped_mappings())]
        names = {1: _("Every hour"), 6: _("Every six hours"), 24: _("Once a day")}
        self.every_hours.choices = [(hours, names[hours]) for hours in EVERY_HOURS]

    def validate_url(self, field: StringField) -> None:
        try:
            check_address(field.data or "")
        except NotFetched as error:
            raise ValidationError(reason_words(error.reason)) from None
