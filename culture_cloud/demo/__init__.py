"""The demo county: invented, in Chinese, with dates around today.

An empty site that is not in production shows it, so that whoever looks at the project sees it as
people will use it. `flask demo load` does the same by hand; `flask demo --scale` makes a county of
any size for measuring.
"""

from __future__ import annotations

from .county import CountyNotEmpty, is_empty, is_wanted, load_county
from .readings import load as load_readings
from .welcome import PASSWORD, greeting

__all__ = [
    "PASSWORD",
    "CountyNotEmpty",
    "greeting",
    "is_empty",
    "is_wanted",
    "load_county",
    "load_readings",
]
