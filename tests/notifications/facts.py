"""What features tell of in notices, for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

SIGN_UP: dict[str, Any] = {
    "name": "李秀兰",
    "title": "花灯演出",
    "starts_at": datetime(2026, 5, 1, 1, 30, tzinfo=UTC),
    "ends_at": datetime(2026, 5, 1, 3, 0, tzinfo=UTC),
    "place": "一楼小剧场",
    "code": "482915",
    "phone": "0877-5550101",
    "link": "https://culture.example/ticket/abc",
    "reason": "演员生病",
    "party_size": 2,
    "offered_until": datetime(2026, 4, 28, 1, 30, tzinfo=UTC),
    "bring": "",
    "text": "请带上胡琴。",
}

ACCOUNT: dict[str, Any] = {
    "accounts/deleted": {},
    "accounts/reset": {"secret": {"code": "739204", "link": "https://culture.example/reset/xyz"}},
    "accounts/password_changed": {
        "changed_at": datetime(2026, 5, 1, 1, 30, tzinfo=UTC),
        "link": "https://culture.example/reset",
    },
}

TEMPLATES: dict[str, dict[str, Any]] = ACCOUNT | {
    f"sign_ups/{name}": SIGN_UP
    for name in (
        "confirmed",
        "cancelled_by_person",
        "cancelled_by_staff",
        "session_cancelled",
        "session_moved",
        "activity_cancelled",
        "waiting",
        "pending",
        "promoted",
        "promoted_to_review",
        "offered",
        "offer_ended",
        "declined",
        "party_changed",
        "reminder",
        "thanks",
        "message",
    )
}
