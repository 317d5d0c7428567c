"""The program that opens a stranger's file: `python -m culture_cloud.reading.intake.program`.

A process of its own: a decoder that hangs, crashes or eats memory takes nothing else with it.
Arguments: the file, the folder to write. Standard output: a Result as JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path

from .making import make

MOST_MEMORY = 1024 * 1024 * 1024
MOST_CPU_SECONDS = 240


def main() -> None:
    os.nice(5)  # a page that is asked for goes first
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setrecursionlimit(3000)
    result = make(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.write(json.dumps(result.as_json(), ensure_ascii=False))


if __name__ == "__main__":
    main()
