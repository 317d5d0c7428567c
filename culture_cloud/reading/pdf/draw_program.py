"""The program that draws pages of a PDF. Arguments: file, book folder, first and last page."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

import pypdfium2 as pdfium

from .drawing import draw_pages

MOST_MEMORY = 1024 * 1024 * 1024
MOST_CPU_SECONDS = 240


def main() -> None:
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    document = pdfium.PdfDocument(Path(sys.argv[1]))
    draw_pages(document, Path(sys.argv[2]), int(sys.argv[3]), min(int(sys.argv[4]), len(document)))


if __name__ == "__main__":
    main()
