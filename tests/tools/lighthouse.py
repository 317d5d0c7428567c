"""Lighthouse on the demo county, phone profile with its slow-4G throttling (`make lighthouse`).

Needs Node and npm: the package is installed into .tmp, which git ignores. Fails below the aims.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from tests.browser.conftest import CHROMIUM

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tmp" / "lighthouse"
AIMS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
SLOWEST_PAINT = 1200
"""Milliseconds to the largest contentful paint."""

VERSION = "lighthouse@13"


def program() -> Path:
    """Lighthouse's command, installed where it is missing."""
    if shutil.which("npm") is None:
        sys.exit("npm is missing: Lighthouse needs Node and npm.")
    found = TOOLS / "node_modules" / ".bin" / "lighthouse"
    if not found.exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--silent", "--no-save", "--prefix", str(TOOLS), VERSION]
        subprocess.run(install, check=True)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(base: str) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{base}/healthz", timeout=2)
        except OSError:
            time.sleep(0.5)
        else:
            return
    sys.exit("The site did not start.")


def paths(base: str) -> dict[str, str]:
    """Home, list, an activity, a node of the running demo."""

    def first(address: str) -> dict[str, Any]:
        with urllib.request.urlopen(base + address) as answer:
            found: dict[str, Any] = json.load(answer)["items"][0]
            return found

    return {
        "home": "/",
        "list": "/activities",
        "activity": f"/activities/{first('/api/v1/activities')['activity_id']}",
        "node": f"/nodes/{first('/api/v1/nodes')['code']}",
    }


def visit(base: str, path: str) -> None:
    """Let the page and its generated pictures be drawn once: any second visitor finds them so."""
    html = urllib.request.urlopen(base + path).read().decode()
    for picture in re.findall(r'/covers/[^" ]+', html):
        urllib.request.urlopen(base + picture).read()


def measured(lighthouse: Path, url: str, folder: Path) -> dict[str, float]:
    """The four scores (0 to 100) and the largest contentful paint in milliseconds."""
    result = folder / "result.json"
    flags = "--headless=new --no-sandbox --disable-gpu"
    command = [str(lighthouse), url, "--quiet", "--output=json", f"--output-path={result}",
               f"--chrome-flags={flags}", f"--only-categories={','.join(AIMS)}"]  # fmt: skip
    subprocess.run(command, check=True, env={**os.environ, "CHROME_PATH": CHROMIUM})
    told = json.loads(result.read_text())
    scores = {name: round(100 * told["categories"][name]["score"]) for name in AIMS}
    paint = told["audits"]["largest-contentful-paint"]["numericValue"]
    for name, score in scores.items():
        if score < AIMS[name]:
            for reference in told["categories"][name]["auditRefs"]:
                audit = told["audits"][reference["id"]]
                if audit["score"] is not None and audit["score"] < 1:
                    print(f"  {name}: {audit['title']} {audit.get('displayValue', '')}")
    return {**scores, "paint": paint}


def main() -> None:
    lighthouse = program()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        site = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env={**os.environ, "CULTURE_CLOUD_DATA": str(folder), "PORT": str(port)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        missed = []
        try:
            wait_for(base)
            for page, path in paths(base).items():
                visit(base, path)
                found = measured(lighthouse, base + path, folder)
                print(
                    f"| {page} | " + " | ".join(f"{value:.0f}" for value in found.values()) + " |"
                )
                missed += [f"{page}: {n}" for n, aim in AIMS.items() if found[n] < aim]
                missed += [f"{page}: paint"] if found["paint"] > SLOWEST_PAINT else []
        finally:
            site.terminate()
            try:
                site.wait(60)
            except subprocess.TimeoutExpired:
                site.kill()
    if missed:
        sys.exit(f"Below the aim: {', '.join(missed)}")


if __name__ == "__main__":
    main()
