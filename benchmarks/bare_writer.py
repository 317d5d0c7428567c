"""One writer without a site: take a place by a conditional statement and write the sign-up.

Standard input: {"url", "gate", "activity_id", "session_id", "allotment_id", "writer", "begin",
"seconds"}; standard output: {"times": ms of each}.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

TAKE = (
    "UPDATE allotments SET taken = taken + 1"
    " WHERE id = {0} AND (capacity IS NULL OR taken + 1 <= capacity)"
)
WRITE = (
    "INSERT INTO sign_ups (activity_id, session_id, allotment_id, state, channel, name, phone,"
    " companions, party_size, code, token, idempotency_key, created_at, state_reason, locale,"
    " once_for, holds, ages, answers, id_number, guardian_name, guardian_phone, guardian_consent,"
    " attended_count, excuse) VALUES ({0}, {0}, {0}, 'confirmed', 'web', {0}, {0}, '[]', 1, {0},"
    " {0}, {0}, {0}, '', 'zh_Hans_CN', 0, TRUE, '[]', '{{}}', '', '', '', '', 0, '')"
)


def main() -> None:
    plan = json.load(sys.stdin)
    sign_up = _sqlite(plan) if plan["url"].startswith("sqlite") else _postgresql(plan)
    time.sleep(max(0.0, plan["begin"] - time.time()))
    times: list[float] = []
    until = time.perf_counter() + plan["seconds"]
    while (began := time.perf_counter()) < until:
        sign_up(len(times))
        times.append((time.perf_counter() - began) * 1000)
    json.dump({"times": times}, sys.stdout)


def _row(plan: dict[str, Any], number: int) -> tuple[Any, ...]:
    person = f"{plan['writer']:02d}{number:06d}"
    return (
        plan["activity_id"],
        plan["session_id"],
        plan["allotment_id"],
        f"居民{person}",
        f"198{person}",
        f"{number % 10**6:06d}",
        secrets.token_urlsafe(32),
        secrets.token_urlsafe(24),
        str(datetime.now(UTC).replace(tzinfo=None)),
    )


def _sqlite(plan: dict[str, Any]) -> Callable[[int], None]:
    """With the settings of culture_cloud.db; `gate` queues the writers as it does."""
    from pysqlite3 import dbapi2

    path = plan["url"].removeprefix("sqlite:///")
    connection = dbapi2.connect(path, isolation_level=None)
    for pragma in ("busy_timeout = 20000", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    take, write = TAKE.format("?"), WRITE.format("?")

    def sign_up(number: int) -> None:
        gate = (
            os.open(f"{path}.write-gate", os.O_RDWR | os.O_CREAT, 0o600) if plan["gate"] else None
        )
        try:
            if gate is not None:
                fcntl.flock(gate, fcntl.LOCK_EX)
            connection.execute("BEGIN IMMEDIATE")
            if connection.execute(take, (plan["allotment_id"],)).rowcount:
                connection.execute(write, _row(plan, number))
            connection.execute("COMMIT")
        finally:
            if gate is not None:
                os.close(gate)

    return sign_up


def _postgresql(plan: dict[str, Any]) -> Callable[[int], None]:
    import psycopg

    url = plan["url"].replace("postgresql+psycopg://", "postgresql://")
    connection = psycopg.connect(url, options="-c synchronous_commit=on -c timezone=UTC")
    take, write = TAKE.format("%s"), WRITE.format("%s")

    def sign_up(number: int) -> None:
        with connection.transaction():
            if connection.execute(take, (plan["allotment_id"],)).rowcount:
                connection.execute(write, _row(plan, number))

    return sign_up


main()
