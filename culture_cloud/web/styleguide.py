"""/styleguide: every component in every state, with its rule, and example pages made of them."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FileField,
    Form,
    PasswordField,
    StringField,
    TextAreaField,
)

from culture_cloud.errors import NotFound

from . import styleguide_samples as samples
from .fields import (
    AtMost,
    ChoiceField,
    ClockField,
    DayField,
    IsPhone,
    ListField,
    MultipleChoiceField,
    Needed,
    NumberField,
    PhoneField,
    lazy,
)
from .policies import public

_l = lazy

bp = Blueprint("styleguide", __name__)

EXAMPLES = ("home", "list", "activity", "sign-up", "desk", "ticket")
"""Example pages in templates/styleguide/: how real pages are composed."""


class DemoForm(Form):
    """One field of every kind, for show."""

    name = StringField(_l("Your name"), [Needed(_l("Please give your name"))])
    phone = PhoneField(_l("Phone"), [IsPhone()], description=_l("Mobile or landline"))
    email = StringField(_l("E-mail"))
    people = NumberField(
        _l("How many people come?"),
        [Needed(_l("Please say how many people come"))],
        message=_l("Please write a number, such as 2"),
    )
    password = PasswordField(_l("Password"))
    wishes = TextAreaField(
        _l("What should we know?"),
        [AtMost(200, _l("Please use at most 200 characters"))],
        description=_l("For example: a wheelchair comes along"),
    )
    hall = ListField(_l("Hall"), choices=samples.HALLS)
    party = ChoiceField(
        _l("Who comes?"),
        [Needed(_l("Please choose who comes"))],
        choices=[("me", _l("Only me")), ("family", _l("I and my family")), ("other", _l("Others"))],
    )
    needs = MultipleChoiceField(
        _l("What would help?"),
        choices=[("ramp", _l("A way without steps")), ("sign", _l("A sign language interpreter"))],
    )
    day = DayField(_l("Day"), message=_l("Please write a date, such as 2026-05-01"))
    time = ClockField(_l("Time"), message=_l("Please write a time, such as 9:30"))
    photo = FileField(_l("Photo"), description=_l("A picture from your phone, up to 10 MB"))
    poster = FileField(_l("Poster"))
    voice = FileField(_l("Say it"))
    agreed = BooleanField(
        _l("I have read how my data are used"),
        [Needed(_l("Please tick the box, if you agree"))],
    )


def failed_form(prefix: str = "") -> DemoForm:
    """The form after a fault: what was typed is kept, what is missing is said."""
    typed = {"phone": "1380000", "people": "两三个", "wishes": "我妈妈坐轮椅"}
    form = DemoForm(MultiDict({prefix + k: v for k, v in typed.items()}), prefix=prefix)
    form.validate()
    return form


@bp.get("/styleguide")
@bp.get("/styleguide/<example>")
@public
def page(example: str = "") -> str:
    """The styleguide, or one of its example pages."""
    if not example:
        return render_template(
            "styleguide/index.html",
            sample=samples,
            form=DemoForm(prefix="plain-"),
            form_errors=failed_form("failed-"),
            examples=_example_titles(),
        )
    if example not in EXAMPLES:
        raise NotFound
    return render_template(
        f"styleguide/{example}.html",
        sample=samples,
        form=failed_form() if example == "sign-up" else None,
    )


def _example_titles() -> list[tuple[str, str]]:
    titles = {
        "home": _("Front page"),
        "list": _("List of activities"),
        "activity": _("One activity"),
        "sign-up": _("Sign-up with faults"),
        "desk": _("Staff desk"),
        "ticket": _("Ticket on paper"),
    }
    return [(name, titles[name]) for name in EXAMPLES]
