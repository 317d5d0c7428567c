"""The shape of the code, kept by tests: every large site that let it slip decayed into one knot."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from culture_cloud.web.policies import policy_of

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "culture_cloud"
TEMPLATES = ROOT / "templates"


def modules() -> list[Path]:
    return [p for p in sorted(PACKAGE.rglob("*.py")) if "versions" not in p.parts]


def templates() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def test_imports_point_down() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_view_says_who_may_open_it(app: Flask) -> None:
    without = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if policy_of(app.view_functions[rule.endpoint]) is None
    ]
    assert not without


def test_addresses_are_kebab_case_with_typed_parts(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        bare = re.sub(r"<[^>]+>", "x", rule.rule)
        assert re.fullmatch(r"/?[a-z0-9./-]*", bare), rule.rule
        for part in re.findall(r"<([^>]+)>", rule.rule):
            is_id = part.endswith("id")
            assert not is_id or part.startswith("int:"), f"{rule.rule}: a number without int:"


def test_only_the_database_module_commits() -> None:
    for path in modules():
        if path.name == "db.py" or "migrations" in path.parts:
            continue
        assert not re.search(r"\.commit\(\)", path.read_text()), path


def test_only_the_settings_read_the_environment() -> None:
    for path in modules():
        if path.name != "config.py":
            assert "os.environ" not in path.read_text(), path
            assert "getenv" not in path.read_text(), path


def test_only_the_clock_asks_for_the_time() -> None:
    wrong = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|func\.now\(|time\.time\(")
    for path in modules():
        if path.name != "clock.py":
            assert not wrong.search(path.read_text()), path


def test_services_queries_and_models_never_import_flask() -> None:
    for path in modules():
        if path.name in {"services.py", "queries.py", "models.py", "agenda.py", "places.py"}:
            imported = set(imports(path))
            assert not imported & {"flask", "flask_login", "flask_wtf"}, path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"\sstyle=", "an inline style (CSP)"),
        (r"\son[a-z]+=\"", "an inline handler (CSP)"),
        (r"target=\"?_blank", "a new window (EL-18)"),
        (r"http-equiv=\"?refresh", "a page that changes by itself (EL-16)"),
        (r"placeholder=", "a placeholder in place of a label (ST-14)"),
        (r"maximum-scale|user-scalable", "a page that cannot be enlarged (ST-08)"),
        (r"<marquee|<blink|autoplay", "motion that nobody asked for"),
    ],
)
def test_templates_keep_clear_of(pattern: str, why: str) -> None:
    found = [str(p) for p in templates() if re.search(pattern, p.read_text())]
    assert not found, f"{why}: {found}"


def test_no_file_names_a_package_index_or_a_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    wrong = re.compile(
        r"pypi\.org|pythonhosted|registry\.npmjs|--(extra-)?index-url\s*[=h]|/wo" + r"rk/"
    )
    for name in filter(None, listed):
        path = ROOT / name
        if path == Path(__file__) or not path.is_file() or path.suffix in {".png", ".webp", ".ico"}:
            continue
        text = path.read_text(encoding="utf-8", errors="ignore")
        assert not wrong.search(text), name


def test_files_stay_small_enough_to_read() -> None:
    long = {str(p.relative_to(ROOT)): n for p in modules() if (n := line_count(p)) > 480}
    assert not long


def line_count(path: Path) -> int:
    return len(path.read_text().splitlines())
