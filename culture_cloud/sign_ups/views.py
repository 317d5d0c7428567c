"""All pages of sign-ups: the questions, and the tickets."""

from __future__ import annotations

from . import own_views, question_views, recorded, ticket_views
from .blueprint import bp

__all__ = ["bp", "own_views", "question_views", "recorded", "ticket_views"]
