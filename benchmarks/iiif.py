"""IIIF: tiles of a scan of 100 megapixels, cold and cached, and the memory that it takes.

`python -m benchmarks.iiif [megapixels …]`; the aims: a tile in at most 60 ms cold from the pyramid
and 5 ms cached, less than 200 MB however large the scan.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from flask import Flask

from culture_cloud import clock, create_app, db, migrations
from culture_cloud.config import Config
from culture_cloud.heritage import services as heritage
from culture_cloud.heritage.facts import ItemFacts, MediaFacts
from culture_cloud.media import derivatives, serving
from culture_cloud.media import services as media
from culture_cloud.media.models import MediaOriginal
from culture_cloud.media.sniffing import Family
from culture_cloud.network.models import Level, Network, Node

TILES = 400
ROOT = Path(__file__).resolve().parents[1]


_DRAW = """
import sys
from PIL import Image
wide, high = int(sys.argv[2]), int(sys.argv[3])
strip = Image.effect_noise((wide, 200), 40).convert("RGB")
whole = Image.new("RGB", (wide, high))
for top in range(0, high, 200):
    whole.paste(strip, (0, top))
whole.save(sys.argv[1], compression="tiff_lzw")
"""


def scan(path: Path, megapixels: int) -> Path:
    """A TIFF of so many megapixels, as noisy as old paper; drawn in a process of its own."""
    wide = round((megapixels * 1e6 * 4 / 3) ** 0.5)
    high = round(megapixels * 1e6 / wide)
    command = [sys.executable, "-c", _DRAW, str(path), str(wide), str(high)]
    subprocess.run(command, check=True)
    return path


def made_with_memory(source: Path, target: Path) -> tuple[float, int]:
    """Seconds and the most memory in MB of making the pyramid, as the worker does it."""
    code = (
        "import sys; from pathlib import Path; from culture_cloud.media import making;"
        "making.make(Path(sys.argv[1]), Path(sys.argv[2]));"
        "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, str(source), str(target)],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    return time.perf_counter() - began, int(done.stdout) // 1024


def site(folder: Path) -> Flask:
    app = create_app(
        Config(
            data_folder=folder,
            database_url=f"sqlite:///{folder / 'b.db'}",
            secret_key="benchmark",
            trusted_hosts=("localhost",),
        )
    )
    migrations.upgrade(app.extensions["database"])
    return app


def shown(source: Path) -> tuple[int, int, int]:
    """Publish an item with this scan; (media id, width, height). Needs an app context."""
    with source.open("rb") as stream:
        kept = serving.store().keep(stream, wanted=(Family.PICTURE,), most_bytes=4 << 30)
    made = derivatives.made_apart(
        serving.store().path(kept.checksum), derivatives.folder_of(kept.checksum)
    )
    with db.transaction() as session:
        session.add(Network(region_code="539999", name="县", site_name="县文化云"))
        session.add(Level(code="m", name="总馆", name_en="Main", position=1, plate_rule="{name}"))
        session.flush()
        node = Node(code="N1", level_code="m", path="/1/", name="县", plate_name="县馆", lines=[],
                    access=[], updated_at=clock.now())  # fmt: skip
        session.add(node)
        session.flush()
        original = media.record(session, kept)
        row = session.get_one(MediaOriginal, original.id)
        row.width, row.height, row.state, row.tiled = made["width"], made["height"], "ready", True
        facts = ItemFacts(
            kind="photograph", node_id=node.id, title="县境全图", summary="全图。", rights="cc-by",
            media=[MediaFacts(original_id=original.id, family="picture", alt="图")],
        )  # fmt: skip
        item = heritage.create(session, facts, by_account_id=None)
        heritage.publish(session, item.id, by_account_id=None)
        return item.media[0].id, made["width"], made["height"]


def tiles(width: int, height: int, rng: random.Random) -> Iterator[str]:
    """Tiles as viewers ask for them, from every level."""
    while True:
        factor = 2 ** rng.randrange(6)
        span = 512 * factor
        left = rng.randrange(-(-width // span)) * span
        top = rng.randrange(-(-height // span)) * span
        wide, high = min(span, width - left), min(span, height - top)
        yield f"{left},{top},{wide},{high}/{-(-wide // factor)},{-(-high // factor)}/0/default.jpg"


def regions(width: int, height: int, rng: random.Random) -> Iterator[str]:
    """What no tile is: any part at any size, as the viewer without scripts asks."""
    while True:
        wide, high = rng.randrange(600, width), rng.randrange(600, height)
        left, top = rng.randrange(width - wide), rng.randrange(height - high)
        share = 1000 / max(wide, high)
        size = f"{max(1, round(wide * min(1, share)))},{max(1, round(high * min(1, share)))}"
        yield f"{left},{top},{wide},{high}/{size}/0/default.jpg"


def timed(get: Callable[[str], object], paths: list[str]) -> str:
    took, worked = [], []
    for path in paths:
        began, began_work = time.perf_counter(), time.process_time()
        get(path)
        took.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - began_work) * 1000)
    return (
        f"median {median(took):.1f} ms, 95 % in {quantiles(took, n=20)[-1]:.1f} ms;"
        f" CPU {median(worked):.1f} ms, 95 % in {quantiles(worked, n=20)[-1]:.1f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("megapixels", nargs="*", type=int, default=[25, 100, 390])
    sizes = parser.parse_args().megapixels
    with TemporaryDirectory() as name:
        folder = Path(name)
        for size in sizes:
            source = scan(folder / f"{size}.tif", size)
            seconds, most = made_with_memory(source, folder / "made")
            print(f"pyramid of {size} megapixels: {seconds:.1f} s, at most {most} MB of memory")
            shutil.rmtree(folder / "made")
        served(folder / f"{100 if 100 in sizes else sizes[-1]}.tif", folder / "site")


def served(source: Path, folder: Path) -> None:
    folder.mkdir()
    app = site(folder)
    rng = random.Random(7)
    with app.app_context():
        media_id, width, height = shown(source)
    client = app.test_client()

    def get(path: str) -> None:
        answer = client.get(f"/iiif/image/3/{media_id}/{path}", buffered=True)
        assert answer.status_code == 200, (path, answer.status_code)

    get("full/200,/0/default.jpg")
    before = _memory()
    for said, source_of in (("tile", tiles), ("region", regions)):
        every = source_of(width, height, rng)
        asked = list(dict.fromkeys(next(every) for _n in range(TILES)))
        print(f"{said}, the first time: {timed(get, asked)}")
        print(f"{said}, again: {timed(get, asked)}")
    print(f"memory of the process that serves: {before} MB before, {_memory()} MB after")


def _memory() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) // 1024


if __name__ == "__main__":
    main()
