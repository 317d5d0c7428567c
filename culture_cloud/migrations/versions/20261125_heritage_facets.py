"""Heritage is counted by category, kind, period and place without opening every item.

Revision ID: 20261125facets
Revises: 20261125machines
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261125facets"
down_revision = "20261125machines"
branch_labels = None
depends_on = None

FACETS = (
    "state",
    "visibility",
    "kind",
    "period",
    "category",
    "place_node_id",
    "node_id",
)


def upgrade() -> None:
    op.add_column(
        "heritage_items",
        sa.Column("category", sa.String(16), nullable=False, server_default=""),
    )
    _copy_categories()
    op.drop_index("ix_heritage_items_state_kind", "heritage_items")
    op.create_index("ix_heritage_items_facets", "heritage_items", list(FACETS))
    op.create_index("ix_heritage_items_newest", "heritage_items", ["state", "published_at", "id"])


def _copy_categories() -> None:
    items = sa.table(
        "heritage_items",
        sa.column("id", sa.Integer),
        sa.column("extra", sa.JSON),
        sa.column("category", sa.String),
    )
    here = op.get_bind()
    for item_id, extra in here.execute(sa.select(items.c.id, items.c.extra)).all():
        category = str((extra or {}).get("category") or "")[:16]
        if category:
            here.execute(items.update().where(items.c.id == item_id).values(category=category))


def downgrade() -> None:
    op.drop_index("ix_heritage_items_newest", "heritage_items")
    op.drop_index("ix_heritage_items_facets", "heritage_items")
    op.create_index("ix_heritage_items_state_kind", "heritage_items", ["state", "kind"])
    op.drop_column("heritage_items", "category")
