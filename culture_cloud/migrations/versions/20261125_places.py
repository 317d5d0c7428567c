"""shares of places, states and rules of sign-ups, proxies.

Revision ID: 20261125a
Revises: 20261125synonyms
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import culture_cloud.db

revision = "20261125a"
down_revision = "20261125synonyms"
branch_labels = None
depends_on = None

moment = culture_cloud.db.UTCDateTime(timezone=True)

ACTIVE = "state NOT IN ('cancelled', 'declined') AND phone <> ''"
HOLDS = (
    "holds = (state IN ('pending', 'confirmed', 'attended', 'no_show')"
    " OR offered_until IS NOT NULL)"
)
STATES = (
    "state IN ('pending', 'waiting', 'confirmed', 'attended', 'no_show', 'cancelled', 'declined')"
)

SHARES_ALLOTMENTS = {
    "kind": "kind IN ('open', 'elders', 'walk_in', 'branch', 'custom')",
    "limited": "capacity IS NOT NULL OR kind = 'open'",
    "branch": "(kind = 'branch') = (node_id IS NOT NULL)",
    "release_hours": "release_hours IS NULL OR release_hours >= 0",
    "wait_seq": "wait_seq >= 0",
}
OF_SIGN_UPS = {
    "channel": "channel IN ('web', 'phone', 'counter', 'proxy', 'walk_in')",
    "holds": HOLDS,
    "offered": "offered_until IS NULL OR state = 'waiting'",
    "waiting_number": "state <> 'waiting' OR wait_no IS NOT NULL",
    "attended_count": "attended_count BETWEEN 0 AND party_size",
    "reachable": "phone <> '' OR channel = 'walk_in' OR name = ''",
}
NEW_SIGN_UP_COLUMNS = (
    ("once_for", sa.Integer(), "0"),
    ("holds", sa.Boolean(), sa.true()),
    ("proxy_id", sa.Integer(), None),
    ("taken_by_id", sa.Integer(), None),
    ("ages", sa.JSON(), "[]"),
    ("residence_node_id", sa.Integer(), None),
    ("answers", sa.JSON(), "{}"),
    ("id_number", sa.String(length=32), ""),
    ("guardian_name", sa.String(length=80), ""),
    ("guardian_phone", sa.String(length=20), ""),
    ("guardian_consent", sa.String(length=300), ""),
    ("guardian_consented_at", moment, None),
    ("wait_no", sa.Integer(), None),
    ("wait_until", moment, None),
    ("offered_until", moment, None),
    ("reviewed_by_id", sa.Integer(), None),
    ("reviewed_at", moment, None),
    ("attended_count", sa.Integer(), "0"),
    ("checked_in_at", moment, None),
    ("checked_in_by_id", sa.Integer(), None),
    ("excused_at", moment, None),
    ("excuse", sa.String(length=200), ""),
)
ACCOUNT_COLUMNS = ("taken_by_id", "reviewed_by_id", "checked_in_by_id")


def upgrade() -> None:
    op.create_table(
        "sign_up_rules",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("shares", sa.JSON(), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("confirm_hours", sa.Integer(), nullable=True),
        sa.Column("review", sa.Boolean(), nullable=False),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column("ask_ages", sa.Boolean(), nullable=False),
        sa.Column("residence_node_ids", sa.JSON(), nullable=False),
        sa.Column("group_name", sa.String(length=60), nullable=False),
        sa.Column("once_per_activity", sa.Boolean(), nullable=False),
        sa.Column("no_show_limit", sa.Integer(), nullable=True),
        sa.Column("no_show_days", sa.Integer(), nullable=False),
        sa.Column("id_law", sa.String(length=120), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("proxy_limit", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "confirm_hours IS NULL OR confirm_hours >= 1",
            name=op.f("ck_sign_up_rules_confirm_hours"),
        ),
        sa.CheckConstraint(
            "min_age IS NULL OR min_age BETWEEN 0 AND 120", name=op.f("ck_sign_up_rules_min_age")
        ),
        sa.CheckConstraint(
            "max_age IS NULL OR max_age BETWEEN 0 AND 120", name=op.f("ck_sign_up_rules_max_age")
        ),
        sa.CheckConstraint(
            "no_show_limit IS NULL OR no_show_limit >= 1",
            name=op.f("ck_sign_up_rules_no_show_limit"),
        ),
        sa.CheckConstraint("no_show_days >= 1", name=op.f("ck_sign_up_rules_no_show_days")),
        sa.CheckConstraint("proxy_limit >= 1", name=op.f("ck_sign_up_rules_proxy_limit")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_sign_up_rules_activity_id_activities"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_sign_up_rules")),
    )
    op.create_table(
        "proxies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("person_name", sa.String(length=80), nullable=False),
        sa.Column("person_phone", sa.String(length=20), nullable=False),
        sa.Column("relation", sa.String(length=16), nullable=False),
        sa.Column("consent", sa.String(length=300), nullable=False),
        sa.Column("consented_at", moment, nullable=False),
        sa.Column("revoked_at", moment, nullable=True),
        sa.Column("token", sa.String(length=43), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_proxies_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proxies")),
        sa.UniqueConstraint("token", name=op.f("uq_proxies_token")),
    )
    with op.batch_alter_table("proxies") as batch:
        batch.create_index(op.f("ix_proxies_account_id"), ["account_id"])
        batch.create_index(op.f("ix_proxies_person_phone"), ["person_phone"])
        batch.create_index(op.f("ix_proxies_phone"), ["phone"])
        batch.create_index(
            "uq_proxies_pair",
            ["phone", "name", "person_phone", "person_name"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
    _change_allotments()
    _change_sign_ups()


def _change_allotments() -> None:
    course = {"sqlite_where": sa.text("session_id IS NULL")}
    course |= {"postgresql_where": sa.text("session_id IS NULL")}
    with op.batch_alter_table("allotments") as batch:
        batch.drop_index("uq_allotments_course", **course)
        batch.drop_constraint(op.f("uq_allotments_session_id"), type_="unique")
        batch.add_column(
            sa.Column("kind", sa.String(length=16), nullable=False, server_default="open")
        )
        batch.add_column(sa.Column("name", sa.String(length=40), nullable=False, server_default=""))
        batch.add_column(sa.Column("node_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("opens_at", moment, nullable=True))
        batch.add_column(sa.Column("closes_at", moment, nullable=True))
        batch.add_column(sa.Column("release_hours", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("released_at", moment, nullable=True))
        batch.add_column(sa.Column("wait_seq", sa.Integer(), nullable=False, server_default="0"))
        batch.create_foreign_key(
            op.f("fk_allotments_node_id_nodes"), "nodes", ["node_id"], ["id"]
        )
        for name, rule in SHARES_ALLOTMENTS.items():
            batch.create_check_constraint(op.f(f"ck_allotments_{name}"), rule)
        batch.create_unique_constraint(
            op.f("uq_allotments_session_id_kind_name"), ["session_id", "kind", "name"]
        )
        batch.create_index(
            "uq_allotments_course", ["activity_id", "kind", "name"], unique=True, **course
        )


def _change_sign_ups() -> None:
    confirmed = {"sqlite_where": sa.text("state = 'confirmed'")}
    confirmed |= {"postgresql_where": sa.text("state = 'confirmed'")}
    with op.batch_alter_table("sign_ups") as batch:
        batch.drop_index("uq_sign_ups_person", **confirmed)
        batch.drop_constraint(op.f("uq_sign_ups_phone_code"), type_="unique")
        batch.drop_constraint(op.f("ck_sign_ups_state"), type_="check")
        batch.alter_column("cancel_reason", new_column_name="state_reason")
        for name, kind, default in NEW_SIGN_UP_COLUMNS:
            batch.add_column(
                sa.Column(name, kind, nullable=default is None, server_default=default)
            )
    # what was there already was signed up for session by session, and cancelled holds nothing
    op.execute("UPDATE sign_ups SET once_for = COALESCE(session_id, 0)")
    op.execute(sa.text("UPDATE sign_ups SET holds = :no WHERE state = 'cancelled'").bindparams(no=False))
    with op.batch_alter_table("sign_ups") as batch:
        for name in ACCOUNT_COLUMNS:
            batch.create_foreign_key(
                op.f(f"fk_sign_ups_{name}_accounts"), "accounts", [name], ["id"]
            )
        batch.create_foreign_key(
            op.f("fk_sign_ups_proxy_id_proxies"), "proxies", ["proxy_id"], ["id"]
        )
        batch.create_foreign_key(
            op.f("fk_sign_ups_residence_node_id_nodes"), "nodes", ["residence_node_id"], ["id"]
        )
        batch.create_check_constraint(op.f("ck_sign_ups_state"), STATES)
        for name, rule in OF_SIGN_UPS.items():
            batch.create_check_constraint(op.f(f"ck_sign_ups_{name}"), rule)
        batch.create_index(op.f("ix_sign_ups_proxy_id"), ["proxy_id"])
        batch.create_index("ix_sign_ups_phone", ["phone"])
        batch.create_index(
            "uq_sign_ups_code",
            ["phone", "code"],
            unique=True,
            sqlite_where=sa.text("phone <> ''"),
            postgresql_where=sa.text("phone <> ''"),
        )
        batch.create_index(
            "uq_sign_ups_person",
            ["activity_id", "once_for", "phone", "name"],
            unique=True,
            sqlite_where=sa.text(ACTIVE),
            postgresql_where=sa.text(ACTIVE),
        )
        batch.create_index(
            "ix_sign_ups_waiting",
            ["activity_id", "wait_no"],
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )


def downgrade() -> None:
    """What the older tables cannot say is let go: kept shares, and sign-ups of newer states."""
    op.execute(
        "DELETE FROM sign_ups WHERE state NOT IN ('confirmed', 'cancelled')"
        " OR channel NOT IN ('web', 'phone', 'counter')"
        " OR allotment_id IN (SELECT id FROM allotments WHERE kind <> 'open')"
    )
    op.execute("DELETE FROM allotments WHERE kind <> 'open'")
    op.execute(
        "UPDATE allotments SET taken = (SELECT COALESCE(SUM(party_size), 0) FROM sign_ups"
        " WHERE allotment_id = allotments.id AND state = 'confirmed')"
    )
    with op.batch_alter_table("sign_ups") as batch:
        for name in ("uq_sign_ups_person", "uq_sign_ups_code", "ix_sign_ups_waiting"):
            batch.drop_index(name)
        batch.drop_index("ix_sign_ups_phone")
        batch.drop_index(op.f("ix_sign_ups_proxy_id"))
        for name in (*OF_SIGN_UPS, "state"):
            batch.drop_constraint(op.f(f"ck_sign_ups_{name}"), type_="check")
        for name in ACCOUNT_COLUMNS:
            batch.drop_constraint(op.f(f"fk_sign_ups_{name}_accounts"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_sign_ups_proxy_id_proxies"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_sign_ups_residence_node_id_nodes"), type_="foreignkey")
        for name, _kind, _default in NEW_SIGN_UP_COLUMNS:
            batch.drop_column(name)
        batch.alter_column("state_reason", new_column_name="cancel_reason")
        batch.create_check_constraint(
            op.f("ck_sign_ups_state"), "state IN ('confirmed', 'cancelled')"
        )
        batch.create_unique_constraint(op.f("uq_sign_ups_phone_code"), ["phone", "code"])
        batch.create_index(
            "uq_sign_ups_person",
            ["allotment_id", "phone", "name"],
            unique=True,
            sqlite_where=sa.text("state = 'confirmed'"),
            postgresql_where=sa.text("state = 'confirmed'"),
        )
    with op.batch_alter_table("allotments") as batch:
        batch.drop_index("uq_allotments_course")
        batch.drop_constraint(op.f("uq_allotments_session_id_kind_name"), type_="unique")
        for name in SHARES_ALLOTMENTS:
            batch.drop_constraint(op.f(f"ck_allotments_{name}"), type_="check")
        batch.drop_constraint(op.f("fk_allotments_node_id_nodes"), type_="foreignkey")
        for name in (
            "kind", "name", "node_id", "opens_at", "closes_at", "release_hours", "released_at",
            "wait_seq",
        ):  # fmt: skip
            batch.drop_column(name)
        batch.create_unique_constraint(op.f("uq_allotments_session_id"), ["session_id"])
        batch.create_index(
            "uq_allotments_course",
            ["activity_id"],
            unique=True,
            sqlite_where=sa.text("session_id IS NULL"),
            postgresql_where=sa.text("session_id IS NULL"),
        )
    op.drop_table("proxies")
    op.drop_table("sign_up_rules")
