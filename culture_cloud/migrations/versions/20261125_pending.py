"""What waits for review is found without reading every sign-up.

Revision ID: 20261125pending
Revises: 20261125checkin
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261125pending"
down_revision = "20261125checkin"
branch_labels = None
depends_on = None

PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    op.create_index(
        "ix_sign_ups_pending",
        "sign_ups",
        ["activity_id"],
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    )


def downgrade() -> None:
    op.drop_index("ix_sign_ups_pending", "sign_ups")
