"""The same content by the plainest means: what Flask, SQLAlchemy and Jinja cost by themselves.

Twenty coming sessions with activity and node, as mapped objects loaded by one joined statement,
in a plain template: no filters, no counts, no translation, no cover, no layout.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

from flask import Flask, render_template_string
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from culture_cloud.activities.models import EVERYWHERE, Activity, ActivitySession, AgendaEntry
from culture_cloud.db import Database
from culture_cloud.serve import Server

PAGE = """<!doctype html><html lang="zh-CN"><head><title>活动</title></head><body><h1>活动</h1><ul>
{% for s in sessions %}<li><h2><a href="/activities/{{ s.activity.id }}">{{ s.activity.title }}</a>
</h2><p>{{ s.starts_at.strftime("%Y-%m-%d %H:%M") }}</p><p>{{ s.activity.node.plate_name }}
{{ s.activity.place_name }}</p><p>{{ s.activity.fee or "免费" }}</p></li>
{% endfor %}</ul></body></html>"""

database = Database(os.environ["DATABASE_URL"])
app = Flask(__name__)


@app.get("/healthz")
def health() -> str:
    return "ok"


@app.get("/")
def listing() -> str:
    query = (
        select(ActivitySession)
        .join(AgendaEntry, AgendaEntry.session_id == ActivitySession.id)
        .options(joinedload(ActivitySession.activity).joinedload(Activity.node))
        .where(AgendaEntry.ancestor_id == EVERYWHERE, AgendaEntry.starts_at > datetime.now(UTC))
        .order_by(AgendaEntry.starts_at, AgendaEntry.session_id)
        .limit(20)
    )
    with Session(database.read_engine) as session:
        return render_template_string(PAGE, sessions=session.scalars(query).all())


Server(
    app,
    {
        "bind": f"127.0.0.1:{os.environ['PORT']}",
        "threads": 8,
        "worker_class": "gthread",
        "keepalive": 15,
        "loglevel": "warning",
        "control_socket_disable": True,
    },
).run()
