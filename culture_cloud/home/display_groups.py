"""What the page of display settings offers, in words."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from culture_cloud import i18n
from culture_cloud.web import modes
from culture_cloud.web.display import CHOICES, Display


@dataclass(frozen=True, slots=True)
class Option:
    """One button. `look` names the class that shows the button in its own look."""

    value: str
    label: str
    chosen: bool
    look: str = ""
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """One question and its answers; `needs_scripts`: CSS alone cannot do it."""

    name: str
    title: str
    options: list[Option]
    hint: str = ""
    needs_scripts: bool = False


def groups(settings: Display) -> list[Group]:
    """All questions, those that most people have first."""
    return [
        _group(settings, "size", _("How large should the letters be?"), _sizes()),
        _group(settings, "scheme", _("Which colours are easy on your eyes?"), _schemes()),
        _group(
            settings,
            "spacing",
            _("How far apart should letters and lines stand?"),
            {"": _("As usual"), "wide": _("Wide apart")},
        ),
        _version(),
        _language(),
        _group(
            settings,
            "voice",
            _("How fast should pages be read aloud?"),
            {"0.75": _("Slowly"), "": _("As usual"), "1.25": _("Fast")},
        ),
        _group(
            settings,
            "motion",
            _("May anything on the page move?"),
            {"": _("As this device has it"), "none": _("No, nothing should move")},
        ),
        *_for_a_computer(settings),
    ]


def _for_a_computer(settings: Display) -> list[Group]:
    return [
        _group(
            settings,
            "pointer",
            _("How large should the mouse pointer be?"),
            {"": _("As usual"), "big": _("Large")},
            hint=_("You see it on a computer with a mouse."),
        ),
        _group(
            settings,
            "ruler",
            _("Should a line help you to keep your place?"),
            {
                "": _("No line"),
                "row": _("Reading ruler: marks the row you read"),
                "cross": _("Cross-lines: meet where you point"),
            },
            needs_scripts=True,
        ),
        _group(
            settings,
            "caption",
            _("Should what you point at stand below in huge letters?"),
            {"": _("No, not needed"), "on": _("Yes, in huge letters")},
            hint=_("Best on a computer with a large screen."),
            needs_scripts=True,
        ),
    ]


def _group(
    settings: Display,
    name: str,
    title: str,
    labels: dict[str, str],
    *,
    hint: str = "",
    needs_scripts: bool = False,
) -> Group:
    now = getattr(settings, name)
    options = [
        Option(value, label, value == now, look=f"look-{value}" if _has_look(name, value) else "")
        for value, label in labels.items()
    ]
    return Group(name, title, options, hint, needs_scripts)


def _has_look(name: str, value: str) -> bool:
    return bool(value) and name in {"size", "scheme", "spacing", "pointer"}


def _sizes() -> dict[str, str]:
    return {"": _("The usual size")} | {
        size: _("Size %(number)s", number=size) for size in CHOICES["size"]
    }


def _schemes() -> dict[str, str]:
    return {
        "": _("As this device has it"),
        "light": _("Light"),
        "dark": _("Dark"),
        "black-white": _("Black on white"),
        "black-cream": _("Black on cream"),
        "white-black": _("White on black"),
        "cream-black": _("Cream on black"),
        "yellow-black": _("Yellow on black"),
        "yellow-navy": _("Yellow on dark blue"),
    }


def _version() -> Group:
    now = modes.current_mode()
    labels = {
        modes.STANDARD: _("Standard version"),
        modes.ELDER: _("Elder version: large letters, simple pages"),
    }
    options = [Option(value, label, value == now) for value, label in labels.items()]
    return Group("mode", _("Which version of the site?"), options)


def _language() -> Group:
    now = i18n.select_locale()
    labels = i18n.OWN_NAMES
    options = [
        Option(value, label, value == now, lang=i18n.LOCALES[value])
        for value, label in labels.items()
    ]
    return Group("lang", _("Which language?"), options)


def keys() -> list[tuple[str, str]]:
    """Keys of the browser that help on every page. The site itself takes none away and adds none,
    so that no key is pressed by accident (WCAG 2.1.4)."""
    return [
        ("Tab", _("to the next link, button or field")),
        ("Shift + Tab", _("back to the one before")),
        ("Enter", _("open the link, press the button")),
        (_("Space bar"), _("press the button; elsewhere one screen further down")),
        ("Esc", _("close a list that has opened")),
        ("Ctrl + +", _("everything larger")),
        ("Ctrl + −", _("everything smaller")),
        ("Ctrl + 0", _("back to the usual size")),
        ("Ctrl + F", _("find a word on the page")),
        ("Ctrl + P", _("print the page")),
        ("Alt + ←", _("back to the page before")),
    ]
