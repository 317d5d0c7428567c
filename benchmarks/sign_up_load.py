"""Residents who sign up over HTTP: each opens the form once, then confirms again and again.

Standard input: {"port", "activity_id", "session_id", "writers", "seconds", "run"}. A writer stops
when the places are gone. Standard output: ms of each confirmed sign-up, and answers by status.
"""

from __future__ import annotations

import http.client
import json
import re
import secrets
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

from .figures import percentiles

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def main() -> None:
    plan = json.load(sys.stdin)
    with ThreadPoolExecutor(plan["writers"]) as threads:
        began = time.perf_counter()
        found = list(threads.map(lambda n: _sign_up(plan, n), range(plan["writers"])))
        took = time.perf_counter() - began
    times = [ms for of_one, _ in found for ms in of_one]
    statuses = sum((status for _, status in found), Counter[int]())
    answer = {
        "confirmed": len(times),
        "requests": sum(statuses.values()),
        "seconds": took,
        "statuses": {str(status): count for status, count in statuses.items()},
        **percentiles(times),
    }
    json.dump(answer, sys.stdout)


def _sign_up(plan: dict[str, Any], writer: int) -> tuple[list[float], Counter[int]]:
    path = f"/activities/{plan['activity_id']}/sign-up"
    connection = http.client.HTTPConnection("127.0.0.1", plan["port"], timeout=60)
    connection.request("GET", path)
    form = connection.getresponse()
    html, cookie = form.read().decode(), form.headers["Set-Cookie"].partition(";")[0]
    token = TOKEN.search(html)
    if token is None:
        raise RuntimeError(f"no form at {path}: {form.status} {html[:300]}")
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    times: list[float] = []
    statuses: Counter[int] = Counter()
    until = time.perf_counter() + plan["seconds"]
    number = 0
    while (began := time.perf_counter()) < until:
        number += 1
        answers = {
            "csrf_token": token[1],
            "idempotency_key": secrets.token_urlsafe(24),
            "session": str(plan["session_id"]),
            "party": "1",
            "name": f"居民{plan['run']}{writer:02d}{number:05d}",
            "phone": f"13{plan['run']}{writer:02d}{number:06d}",
            "companions": "",
            "confirm": "1",
        }
        connection.request("POST", path, body=urlencode(answers), headers=headers)
        response = connection.getresponse()
        response.read()
        statuses[response.status] += 1
        if response.status == 409:
            break
        if response.status == 303:
            times.append((time.perf_counter() - began) * 1000)
    connection.close()
    return times, statuses


main()
