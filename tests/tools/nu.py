"""The Nu validator over every page of the demo county, in both modes (`make nu`).

Needs Java and npm: the validator comes as the package `vnu-jar`. Where they are missing it says so.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from culture_cloud import create_app, db, demo, migrations
from culture_cloud.config import Config
from tests.browser import examples
from tests.browser.routes import pages

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tmp" / "nu"


def validator() -> Path:
    """The validator's jar, installed where it is missing."""
    for program in ("java", "npm"):
        if shutil.which(program) is None:
            sys.exit(f"{program} is missing: the Nu validator needs Java and npm.")
    jar = TOOLS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not jar.exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "install", "--silent", "--no-save", "--prefix", str(TOOLS), "vnu-jar"],
            check=True,
        )
    return jar


def write_pages(folder: Path) -> dict[str, str]:
    """Every public page as a file: file name → path and mode."""
    config = Config(
        data_folder=folder / "data",
        database_url=f"sqlite:///{folder / 'data' / 'site.db'}",
        secret_key="only for this run",
        trusted_hosts=("127.0.0.1",),
    )
    app = create_app(config)
    migrations.upgrade(app.extensions["database"])
    with app.app_context():
        demo.load_county()
        with db.transaction() as session:
            examples.prepare(session)
    names: dict[str, str] = {}
    for mode in ("standard", "elder"):
        client = app.test_client()
        client.set_cookie("mode", mode, domain="127.0.0.1")
        for path in [*pages(app, "public"), "/nowhere"]:
            response = client.get(path, base_url="http://127.0.0.1", follow_redirects=True)
            if response.content_type.startswith("text/html"):
                name = f"{len(names):03d}.html"
                (folder / name).write_bytes(response.data)
                names[name] = f"{path} ({mode})"
    return names


def main() -> None:
    jar = validator()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = write_pages(folder)
        done = subprocess.run(
            ["java", "-jar", str(jar), "--format", "json", "--exit-zero-always"]
            + [str(folder / n) for n in names],
            capture_output=True,
            text=True,
            check=True,
        )
        messages = json.loads(done.stderr or done.stdout)["messages"]
    errors = [m for m in messages if m["type"] == "error"]
    for message in errors:
        print(f"{names[Path(message['url']).name]}:{message.get('lastLine')}: {message['message']}")
    print(f"{len(names)} pages, {len(errors)} errors, {len(messages) - len(errors)} remarks")
    sys.exit(bool(errors))


if __name__ == "__main__":
    main()
