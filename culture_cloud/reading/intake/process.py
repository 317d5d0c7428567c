"""Running the program that opens files, and putting up with whatever becomes of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from culture_cloud.config import PROJECT_ROOT

from .findings import Finding
from .making import Result

SECONDS = 280
"""Less than the lease of a job, so that no second worker begins the same file."""


def make_apart(path: Path, folder: Path) -> Result:
    """`making.make` in a process of its own. A folder that was not finished is taken away."""
    command = (sys.executable, "-m", "culture_cloud.reading.intake.program", str(path), str(folder))
    try:
        done = subprocess.run(  # noqa: S603  (a fixed command of ours, no shell)
            command,
            capture_output=True,
            timeout=SECONDS,
            cwd=PROJECT_ROOT,
            env={"PYTHONIOENCODING": "utf-8"},  # the site's secrets are none of its business
            check=False,
        )
    except subprocess.TimeoutExpired:
        result = Result([], {}, Finding("too_much"))
    else:
        result = _read(done)
    if result.refused is not None:
        shutil.rmtree(folder, ignore_errors=True)
    return result


def _read(done: subprocess.CompletedProcess[bytes]) -> Result:
    if done.returncode == 0:
        return Result.parse(json.loads(done.stdout))
    if b"Error" in done.stderr and b"MemoryError" not in done.stderr:
        # a fault of ours, not of the file: the job is tried again and staff see it
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise RuntimeError(f"the file could not be looked at: {last[:300]}")
    return Result([], {}, Finding("too_much"))
