"""Dates as people say them, kept as EDTF (ISO 8601-2:2019) with the days they may mean.

date = parse("清光绪年间")      # FuzzyDate(edtf="1875/1908", first=18750101, last=19081231)
in_words(date.edtf)             # "1875年至1908年"
"""

from .model import FuzzyDate, NotADate, bounds, is_edtf
from .reading import parse
from .wording import in_words

__all__ = ["FuzzyDate", "NotADate", "bounds", "in_words", "is_edtf", "parse"]
