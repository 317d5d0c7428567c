"""What the desk asks about publications."""

from __future__ import annotations

import ipaddress
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, StringField, TextAreaField, ValidationError

from culture_cloud.reading.isbn import NotAnIsbn, is_issn, normal_isbn
from culture_cloud.reading.models import Rights
from culture_cloud.speech.pinyin import BadReading, readings_of
from culture_cloud.web.fields import (
    AtMost,
    Between,
    DayField,
    ListField,
    Needed,
    NumberField,
    many_lines,
    one_line,
)
from culture_cloud.web.fields import lazy as _l


class UploadForm(FlaskForm):  # type: ignore[misc]
    """Files, one or a whole folder, and on which terms they may be read."""

    node = ListField(_l("Which hall keeps them?"), validators=[Needed(_l("Choose a hall"))])
    files = MultipleFileField(
        _l("The files"),
        description=_l(
            "EPUB, PDF, sound (MP3, M4A, OGG), film (MP4, WebM), or page images in a ZIP file. "
            "Several at once are welcome; together at most 200 MB."
        ),
    )
    rights = ListField(
        _l("On which terms may they be read?"),
        validators=[Needed(_l("Choose the terms"))],
    )
    publish = BooleanField(_l("Show them to readers as soon as they are checked"))


class RecordsForm(FlaskForm):  # type: ignore[misc]
    """A file of library records."""

    node = ListField(_l("Which hall keeps them?"), validators=[Needed(_l("Choose a hall"))])
    files = MultipleFileField(
        _l("The file with the records"),
        description=_l(
            "MARC 21 or CNMARC (.mrc, .iso, MARCXML). Records whose ISBN is here "
            "already fill in what is missing."
        ),
    )


class PublicationForm(FlaskForm):  # type: ignore[misc]
    """The description of a publication."""

    title = StringField(
        _l("Title"),
        filters=[one_line],
        validators=[Needed(_l("Please write the title")), AtMost(300, _l("The title is too long"))],
    )
    subtitle = StringField(
        _l("Subtitle"), filters=[one_line], validators=[AtMost(300, _l("The subtitle is too long"))]
    )
    kind = ListField(_l("What is it?"), validators=[Needed(_l("Choose what it is"))])
    authors = TextAreaField(
        _l("Authors"),
        description=_l("One to a line"),
        filters=[many_lines],
        validators=[AtMost(2000, _l("There are too many names"))],
    )
    contributors = TextAreaField(
        _l("Translators, editors, readers aloud"),
        description=_l("One to a line"),
        filters=[many_lines],
        validators=[AtMost(2000, _l("There are too many names"))],
    )
    publisher = StringField(
        _l("Publisher"), filters=[one_line], validators=[AtMost(200, _l("The name is too long"))]
    )
    published = StringField(
        _l("Came out"),
        description=_l("Year or date, as it stands in the book"),
        filters=[one_line],
        validators=[AtMost(40, _l("This is too long"))],
    )
    series = StringField(
        _l("Series"), filters=[one_line], validators=[AtMost(200, _l("The name is too long"))]
    )
    issue = StringField(
        _l("Issue"),
        description=_l("For periodicals"),
        filters=[one_line],
        validators=[AtMost(80, _l("This is too long"))],
    )
    isbn = StringField("ISBN", filters=[one_line])
    issn = StringField("ISSN", filters=[one_line])
    language = StringField(
        _l("Language"),
        description=_l("zh for Chinese, en for English, bo for Tibetan …"),
        filters=[one_line],
        validators=[
            Needed(_l("Please write the language")),
            AtMost(35, _l("This is no language code")),
        ],
    )
    summary = TextAreaField(
        _l("About its contents"),
        filters=[many_lines],
        validators=[AtMost(5000, _l("The text is too long: at most 5000 characters"))],
    )
    subject = ListField(_l("Subject (Chinese Library Classification)"))
    class_mark = StringField(
        _l("Whole class mark"),
        description=_l("For example K892.474"),
        filters=[one_line],
        validators=[AtMost(40, _l("This is too long"))],
    )
    keywords = StringField(
        _l("Keywords"),
        description=_l("Parted by commas"),
        filters=[one_line],
        validators=[AtMost(500, _l("These are too many"))],
    )
    audience = ListField(_l("For whom is it?"), validators=[Needed(_l("Choose for whom it is"))])
    rights = ListField(
        _l("On which terms may it be read?"), validators=[Needed(_l("Choose the terms"))]
    )
    rights_note = StringField(
        _l("Licence or permission"),
        description=_l("For example: CC BY-SA 4.0; with permission of the author of 2026-03-01"),
        filters=[one_line],
        validators=[AtMost(500, _l("This is too long"))],
    )
    copies = StringField(
        _l("Copies"),
        description=_l(
            "Only for licensed titles: how many may read at once. Empty: no limit, no loans."
        ),
        filters=[one_line],
    )
    loan_days = StringField(_l("Days of a loan"), filters=[one_line])
    downloadable = BooleanField(_l("Readers may take the file along"))
    readings = TextAreaField(
        _l("Words that the voice reads wrongly"),
        description=_l(
            "One to a line, the word and its pinyin with tones, for example 重庆 chong2 qing4. "
            "It holds for this title alone."
        ),
        filters=[many_lines],
        validators=[AtMost(4000, _l("This is too long"))],
    )

    def offer(self, *, kinds: Any, subjects: Any, audiences: Any, rights: Any) -> None:
        self.kind.choices = list(kinds)
        self.subject.choices = [("", _("None")), *subjects]
        self.audience.choices = list(audiences)
        self.rights.choices = list(rights)

    def validate_isbn(self, field: StringField) -> None:
        if not field.data:
            return
        try:
            field.data = normal_isbn(field.data)
        except NotAnIsbn:
            raise ValidationError(
                _("This ISBN has a wrong digit. Please compare it with the book")
            ) from None

    def validate_issn(self, field: StringField) -> None:
        if field.data and not is_issn(field.data):
            raise ValidationError(
                _("This ISSN has a wrong digit. Please compare it with the booklet")
            )

    def validate_readings(self, field: TextAreaField) -> None:
        try:
            readings_of(field.data or "")
        except BadReading as error:
            raise ValidationError(
                _(
                    "This line is not understood: %(line)s. Write a word in characters, a space, "
                    "and one syllable for each character",
                    line=str(error)[:60],
                )
            ) from None

    def validate_copies(self, field: StringField) -> None:
        if not field.data:
            return
        if not field.data.isdigit() or not 1 <= int(field.data[:7]) <= 100_000:
            raise ValidationError(_("Please write a number from 1 to 100000, or leave it empty"))
        if self.rights.data != Rights.LICENSED:
            raise ValidationError(
                _(
                    "Only licensed titles have copies. Leave it empty, or choose “Licensed to "
                    "this network”"
                )
            )

    def validate_loan_days(self, field: StringField) -> None:
        if self.copies.data and not (
            (field.data or "").isdigit() and 1 <= int((field.data or "0")[:5]) <= 365
        ):
            raise ValidationError(_("Please write for how many days it is lent, from 1 to 365"))


class ShelfForm(FlaskForm):  # type: ignore[misc]
    """A shelf: its name, when it stands in the room, and what is on it."""

    node = ListField(_l("Which hall keeps the shelf?"), validators=[Needed(_l("Choose a hall"))])
    title = StringField(
        _l("Name of the shelf"),
        description=_l("For example: Recommended this month; Books for the Spring Festival"),
        filters=[one_line],
        validators=[
            Needed(_l("Please write the name of the shelf")),
            AtMost(80, _l("The name is too long")),
        ],
    )
    note = StringField(
        _l("A sentence about it"),
        filters=[one_line],
        validators=[AtMost(300, _l("This is too long"))],
    )
    first_day = DayField(
        _l("From"),
        description=_l("Empty: at once"),
        message=_l("Please write the day like 2026-05-01"),
    )
    last_day = DayField(
        _l("Until"),
        description=_l("Empty: without end"),
        message=_l("Please write the day like 2026-05-01"),
    )
    position = NumberField(
        _l("Place among the shelves"),
        default=10,
        description=_l("Small numbers stand first"),
        message=_l("Please write a number"),
        validators=[Between(0, 1000, _l("Please write a number from 0 to 1000"))],
    )
    titles = TextAreaField(
        _l("What is on it"),
        filters=[many_lines],
        description=_l(
            "One title to a line, in the order they stand: the title, the ISBN, or "
            "the number of its page (12 for /read/12)"
        ),
    )

    def validate_last_day(self, field: DayField) -> None:
        if field.data and self.first_day.data and field.data < self.first_day.data:
            raise ValidationError(_("The shelf ends before it begins. Please look at both days"))


class NetworkForm(FlaskForm):  # type: ignore[misc]
    """A range of addresses inside a hall."""

    node = ListField(_l("Which hall is it?"), validators=[Needed(_l("Choose a hall"))])
    network = StringField(
        _l("Network address"),
        description=_l("For example 10.20.0.0/16, or one address 192.0.2.7"),
        filters=[one_line],
        validators=[Needed(_l("Please write the address"))],
    )
    note = StringField(
        _l("What it is"),
        description=_l("For example: reading room, first floor"),
        filters=[one_line],
        validators=[AtMost(100, _l("This is too long"))],
    )

    def validate_network(self, field: StringField) -> None:
        try:
            network = ipaddress.ip_network(field.data or "", strict=False)
        except ValueError:
            raise ValidationError(
                _("This is no network address. It looks like 10.20.0.0/16")
            ) from None
        if network.prefixlen < (8 if network.version == 4 else 32):
            raise ValidationError(
                _("This range is too wide: half the world would be inside the hall")
            )
        field.data = str(network)


class ChaptersForm(FlaskForm):  # type: ignore[misc]
    """Where the chapters of a sound or film begin."""

    chapters = TextAreaField(
        _l("Chapters"),
        description=_l("One to a line, the time and the title: 05:30 The second evening"),
        filters=[many_lines],
    )
