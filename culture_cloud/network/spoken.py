"""What staff read when they read the page of a place themselves."""

from __future__ import annotations

from flask_babel import gettext as _

from culture_cloud.web import words

from .models import Node


def lasting(node: Node, title: str) -> list[str]:
    """The page of a place without its hours and whatever changes by the day."""
    facts = [(_("Address"), node.address), (_("Phone"), node.phone)]
    said = [f"{label}：{value}" for label, value in facts if value]
    return [title, *said, *words.paragraphs(node.about)]
