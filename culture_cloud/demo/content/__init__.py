"""The demo county 木棉渡县: an invented county in the style of southern Yunnan.

Everything here is data in JSON, read strictly into frozen dataclasses. Dates are relative to the
day of setting up (see `when`). Names, places and telephone numbers are invented: landlines are
0877-55501xx, mobiles 1990000xxxx.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from culture_cloud.demo.content.network import Network, read_network
from culture_cloud.demo.content.people import People, read_people
from culture_cloud.demo.content.programme import Programme, read_programme

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class DemoContent:
    """All of the demo: the network, its programme and its people."""

    network: Network
    programme: Programme
    people: People


def load(folder: Path = FOLDER) -> DemoContent:
    """The whole demo content from the JSON files of a folder.

    Raises ValueError, naming the file and the entry, on an unknown code or field, a missing
    field, a code that stands twice, or more sign-ups than places.
    """
    network = read_network(folder)
    programme = read_programme(folder, network)
    return DemoContent(network, programme, read_people(folder, network, programme))
