"""Pages of heritage with 10,000 items: list, facets, map, timeline, people, a village.

`python -m benchmarks.heritage [number]`; CPU time of the answer, without the page cache.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import insert
from sqlalchemy.orm import Session

from culture_cloud import clock, create_app, db, migrations
from culture_cloud.config import Config
from culture_cloud.heritage.facts import read_date
from culture_cloud.heritage.kinds import kinds
from culture_cloud.heritage.models import Agent, HeritageItem
from culture_cloud.heritage.periods import period_of
from culture_cloud.network.models import Level, Network, Node

TOWNSHIPS, VILLAGES = 12, 10
PATHS = (
    "/heritage", "/heritage/items", "/heritage/items?page=300", "/heritage/items?order=date",
    "/heritage/items?kind=photograph&period=building", "/heritage/items?category=II",
    "/heritage/items?node=T3", "/heritage/places", "/heritage/places/T3", "/heritage/places/T3-4",
    "/heritage/time", "/heritage/people",
)  # fmt: skip


def fill(session: Session, number: int) -> None:
    """A county of 12 townships with 10 villages each, and so many items about them."""
    rng = random.Random(5)
    session.add(Network(region_code="539999", name="县", site_name="县文化云"))
    session.add_all(
        Level(code=code, name=code, name_en=code, position=n, plate_rule="{name}")
        for n, code in enumerate(("main", "branch", "village"), start=1)
    )
    session.flush()
    top = _node(session, "N", "main", None)
    towns = [_node(session, f"T{n}", "branch", top) for n in range(TOWNSHIPS)]
    places = [
        _node(session, f"{town.code}-{n}", "village", town)
        for town in towns
        for n in range(VILLAGES)
    ]
    texts = ("清光绪年间", "民国二十三年", "1958年3月", "约1965年", "1987年", "2006年", "")
    dates = [read_date(text) for text in texts]
    codes, rows, agents = list(kinds()), [], []
    for one in range(1, number + 1):
        kind, date = rng.choice(codes), rng.choice(dates)
        is_element = kind == "ich_element"
        rows.append(
            {
                "id": one, "uid": f"b-{one}", "kind": kind, "node_id": top.id,
                "place_node_id": rng.choice(places).id, "state": "published",
                "title": f"第{one}件", "summary": "渡工在老渡口撑船送人过江。",
                "description": "船是芒果木做的，一趟坐得下二十个人。" * 30,
                "date_edtf": date.edtf, "date_first": date.first, "date_last": date.last,
                "period": period_of(date.first, date.last), "rights": "cc-by",
                "category": rng.choice(("I", "II", "III", "VIII")) if is_element else "",
                "created_at": clock.now(), "updated_at": clock.now(),
                "published_at": clock.now(), "harvested_at": clock.now(),
            }
        )  # fmt: skip
        name = f"人{rng.randrange(number // 5)}"
        agents.append({"item_id": one, "position": 0, "name": name, "role": "narrator"})
    session.execute(insert(HeritageItem), rows)
    session.execute(insert(Agent), agents)


def _node(session: Session, code: str, level: str, above: Node | None) -> Node:
    node = Node(
        code=code, level_code=level, parent_id=above.id if above else None, path=f"/{code}",
        name=code, plate_name=code, lines=[], access=[], updated_at=clock.now(),
        latitude=23 + len(code) / 9, longitude=101 + sum(map(ord, code)) % 90 / 90,
    )  # fmt: skip
    session.add(node)
    session.flush()
    node.path = f"{above.path if above else '/'}{node.id}/"
    return node


def milliseconds(act: Callable[[], object], times: int = 15) -> float:
    """The median of CPU time, which other programs on the machine disturb least."""
    took = []
    for _n in range(times):
        began = time.process_time()
        act()
        took.append((time.process_time() - began) * 1000)
    return round(median(took), 1)


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with TemporaryDirectory() as name:
        folder = Path(name)
        config = Config(
            data_folder=folder,
            database_url=f"sqlite:///{folder / 'b.db'}",
            secret_key="benchmark",
            trusted_hosts=("localhost",),
            page_cache=False,
        )
        app = create_app(config)
        migrations.upgrade(app.extensions["database"])
        with app.app_context(), db.transaction() as session:
            fill(session, number)
        client = app.test_client()
        for path in PATHS:
            assert client.get(path).status_code == 200, path
            print(f"{path}: {milliseconds(lambda path=path: client.get(path))} ms")  # type: ignore[misc]


if __name__ == "__main__":
    main()
