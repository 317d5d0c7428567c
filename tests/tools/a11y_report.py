"""The report of `make a11y`: reports/a11y/index.html and summary.md, from what the matrix noted.

`--docs` also copies the summary and the pictures into docs/.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "reports" / "a11y"
RULES = ("axe", "metrics", "reflow", "outside request", "console", "script", "mode", "parity",
         "without scripts", "print", "forced colours", "status", "html")  # fmt: skip


def looks() -> list[dict[str, Any]]:
    """Every look that was noted."""
    return [
        json.loads(line)
        for path in sorted((FOLDER / "looks").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def rule_of(fault: dict[str, str]) -> str:
    """The row of the table that a fault counts in; whatever is not ours is axe's."""
    return fault["rule"] if fault["rule"] in RULES else "axe"


def summary(noted: list[dict[str, Any]]) -> str:
    """The counts as Markdown."""
    found = Counter(rule_of(fault) for look in noted for fault in look["faults"])
    by_suite = Counter(look["suite"] for look in noted)
    pages = len({look["name"] for look in noted})
    lines = [
        f"Looked at on {datetime.now(UTC):%Y-%m-%d}: {pages} pages and states, {len(noted)} looks.",
        "", "| rule | faults |", "|---|---|",
        *(f"| {rule} | {found[rule]} |" for rule in RULES),
        "", "| what was looked at | looks |", "|---|---|",
        *(f"| {suite} | {count} |" for suite, count in sorted(by_suite.items())),
        "", "| role | looks |", "|---|---|",
        *(f"| {role} | {n} |" for role, n in sorted(Counter(x["role"] for x in noted).items())),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def page(noted: list[dict[str, Any]]) -> str:
    """The report as a page: counts, faults, pictures of both modes side by side."""
    faults = [
        f"<tr><td>{escape(look['path'])}</td><td>{look['role']}, {look['mode']}, "
        f"{escape(look['view'])}</td><td>{escape(fault['rule'])}</td>"
        f"<td>{escape(fault['text'])}</td></tr>"
        for look in noted
        for fault in look["faults"]
    ]
    pictures = [
        f'<h3>{escape(one.stem)}</h3><img src="pictures/{one.name}" loading="lazy" '
        f'alt="{escape(one.stem)}: standard and elder mode side by side">'
        for one in sorted((FOLDER / "pictures").glob("*.webp"))
    ]
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Accessibility report</title>'
        "<style>body{font:18px/1.6 sans-serif;margin:2em}td{border:1px solid;padding:.3em}"
        "img{max-width:100%}</style><h1>Accessibility report</h1>"
        f"<pre>{escape(summary(noted))}</pre><h2>Faults</h2>"
        f"<table>{''.join(faults) or '<tr><td>none</td></tr>'}</table>"
        f"<h2>Standard and elder mode</h2>{''.join(pictures)}</html>"
    )


def main() -> None:
    noted = looks()
    if not noted:
        sys.exit("Nothing was looked at: run `make a11y`.")
    (FOLDER / "summary.md").write_text(summary(noted), encoding="utf-8")
    (FOLDER / "index.html").write_text(page(noted), encoding="utf-8")
    print(summary(noted))
    if "--docs" in sys.argv:
        head = "# Results of the accessibility matrix\n\nMade by `make a11y-docs`.\n\n"
        docs = ROOT / "docs"
        (docs / "accessibility-results.md").write_text(head + summary(noted), encoding="utf-8")
        target = docs / "images" / "modes"
        target.mkdir(parents=True, exist_ok=True)
        for picture in (FOLDER / "pictures").glob("*.webp"):
            shutil.copy(picture, target)
    sys.exit(any(look["faults"] for look in noted))


if __name__ == "__main__":
    main()
