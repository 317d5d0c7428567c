"""The text of each page of a PDF, read by pypdfium2 in a process of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path

MOST_PAGES = 2000
MOST_CHARACTERS = 20_000
"""A page longer than this is cut."""


def page_texts(path: Path) -> list[str]:
    """The text of each page; empty where a page is a picture. Raises ValueError."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise ValueError(str(error)) from error
    texts = []
    try:
        for number in range(min(len(document), MOST_PAGES)):
            page = document[number]
            text = page.get_textpage()
            found = text.get_text_bounded() if text.count_chars() else ""
            texts.append(found.replace("\r\n", "\n").replace("\x00", "")[:MOST_CHARACTERS])
            text.close()
            page.close()
    finally:
        document.close()
    return texts


if __name__ == "__main__":
    try:
        sys.stdout.write(json.dumps({"pages": page_texts(Path(sys.argv[1]))}))
    except ValueError:
        sys.stdout.write(json.dumps({"fault": "not_wanted_pdf"}))
