"""Text in the scripts of the county's peoples, each announced with its language.

It shows whether a device can draw them, and how pages mark such text: `lang` with the language and
its script (BCP 47), `dir`, and a list of fonts by language in the stylesheet.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template

from culture_cloud.web.fields import lazy as _l
from culture_cloud.web.page_cache import cacheable
from culture_cloud.web.policies import public

bp = Blueprint("scripts", __name__)


@dataclass(frozen=True, slots=True)
class Sample:
    """A language, its tag, its own name in its own script, which way the script runs."""

    name: str
    tag: str
    own_name: str
    direction: str = "ltr"


SAMPLES = (
    Sample(_l("Hani, in Latin letters"), "hni-Latn", "Haqniqdoq"),
    Sample(_l("Yi (Nuosu), in the Yi script"), "ii-Yiii", "ꆈꌠꉙ"),
    Sample(_l("Dai of Dehong, in Tai Le"), "tdd-Tale", "ᥖᥭᥰᥖᥬᥳᥑᥨᥒᥰ"),
    Sample(_l("Dai of Xishuangbanna, in New Tai Lue"), "khb-Talu", "ᦅᧄᦺᦑᦟᦹᧉ"),
)


@bp.get("/scripts")
@public
@cacheable
def page() -> str:
    """The names of the languages in their own scripts."""
    return render_template("home/scripts.html", samples=SAMPLES)
