"""Reads pages over kept-alive connections; a process of its own, so that its CPU is not counted.

Standard input: {"port", "urls", "headers", "connections", "seconds"}; standard output: what came.
"""

from __future__ import annotations

import http.client
import json
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import Any

from .figures import percentiles


def main() -> None:
    plan = json.load(sys.stdin)
    number = plan.get("connections", 1)
    with ThreadPoolExecutor(number) as threads:
        began = time.perf_counter()
        found = list(threads.map(lambda n: _read(plan, n), range(number)))
        took = time.perf_counter() - began
    times = [ms for of_one, _, _ in found for ms in of_one]
    statuses = sum((status for _, status, _ in found), Counter[int]())
    answer = {
        "requests": len(times),
        "seconds": took,
        "statuses": {str(status): count for status, count in statuses.items()},
        "bytes": max((size for _, _, size in found), default=0),
        **percentiles(times),
    }
    json.dump(answer, sys.stdout)


def _read(plan: dict[str, Any], first: int) -> tuple[list[float], Counter[int], int]:
    connection = http.client.HTTPConnection("127.0.0.1", plan["port"], timeout=30)
    urls = plan["urls"]
    times: list[float] = []
    statuses: Counter[int] = Counter()
    size = 0
    until = time.perf_counter() + plan["seconds"]
    for url in cycle(urls[first % len(urls) :] + urls[: first % len(urls)]):
        began = time.perf_counter()
        if began >= until:
            break
        connection.request("GET", url, headers=plan["headers"])
        response = connection.getresponse()
        size = max(size, len(response.read()))
        times.append((time.perf_counter() - began) * 1000)
        statuses[response.status] += 1
    connection.close()
    return times, statuses, size


main()
