"""People who all want the same session, and send their form until it is answered.

Standard input: {"port", "activity_id", "session_id", "people", "threads", "first", "seconds"}.
Standard output: for each person what came of it, and the ms of each answered request. A connection
that breaks, and a page that says to try again, are met as a person meets them: the very same form
is sent once more, so that whoever was signed up already is led to the same ticket.
"""

from __future__ import annotations

import http.client
import json
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
TICKET = re.compile(r"/sign-ups/([\w-]+)")
PAUSE = 0.05


def main() -> None:
    plan = json.load(sys.stdin)
    until = time.monotonic() + plan["seconds"]
    numbers = range(plan["first"], plan["first"] + plan["people"])
    with ThreadPoolExecutor(plan["threads"]) as threads:
        json.dump(list(threads.map(lambda n: _person(plan, n, until), numbers)), sys.stdout)


def _person(plan: dict[str, Any], number: int, until: float) -> dict[str, Any]:
    """{"number", "tickets": [token of each answer], "refused", "times": ms, "broken": retries}"""
    found: dict[str, Any] = {
        "number": number, "tickets": [], "refused": False, "times": [], "broken": 0,
    }  # fmt: skip
    path = f"/activities/{plan['activity_id']}/sign-up"
    html = ""
    headers: dict[str, str] = {}
    while time.monotonic() < until and not (found["tickets"] or found["refused"]):
        try:
            if not html:
                html, headers = _form(plan["port"], path)
            if not html:
                found["refused"] = True
                break
            began = time.perf_counter()
            status, place = _send(plan, path, html, headers, number)
        except (OSError, http.client.HTTPException):
            found["broken"] += 1
            time.sleep(PAUSE)
            continue
        if status == 303 and (ticket := TICKET.search(place)):
            found["times"].append((time.perf_counter() - began) * 1000)
            found["tickets"].append(ticket[1])
        elif status == 409:
            found["refused"] = True
        else:
            found["broken"] += 1
            html = html if status >= 500 else ""
            time.sleep(PAUSE)
    return found


def _form(port: int, path: str) -> tuple[str, dict[str, str]]:
    """The form's token and cookie; no token where the page says that all places are taken."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    html = answer.read().decode()
    cookie = (answer.headers["Set-Cookie"] or "").partition(";")[0]
    connection.close()
    if answer.status != 200:
        raise http.client.HTTPException(f"no page: {answer.status}")
    token = TOKEN.search(html) if 'name="party"' in html else None
    return token[1] if token else "", {
        "Cookie": cookie,
        "Content-Type": "application/x-www-form-urlencoded",
    }


def _send(
    plan: dict[str, Any], path: str, token: str, headers: dict[str, str], number: int
) -> tuple[int, str]:
    answers = {
        "csrf_token": token,
        "idempotency_key": f"race-{number:08d}-of-one-person",
        "session": str(plan["session_id"]),
        "party": "1",
        "name": f"居民{number:06d}",
        "phone": f"139{number:08d}",
        "companions": "",
        "confirm": "1",
    }
    connection = http.client.HTTPConnection("127.0.0.1", plan["port"], timeout=30)
    connection.request("POST", path, body=urlencode(answers), headers=headers)
    answer = connection.getresponse()
    answer.read()
    place = answer.headers["Location"] or ""
    connection.close()
    return answer.status, place


main()
