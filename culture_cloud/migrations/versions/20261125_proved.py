"""An account knows whether its phone number was proved to be the person's.

Revision ID: 20261125proved
Revises: 20261125loose
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import culture_cloud.db

revision = "20261125proved"
down_revision = "20261125loose"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "accounts",
        sa.Column("phone_proved_at", culture_cloud.db.UTCDateTime(timezone=True), nullable=True),
    )


def downgrade() -> None:
    op.drop_column("accounts", "phone_proved_at")
