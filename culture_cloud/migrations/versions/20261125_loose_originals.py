"""Files that came with a form which was never sent off are known as such.

Revision ID: 20261125loose
Revises: 20261125facets
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import culture_cloud.db

revision = "20261125loose"
down_revision = "20261125facets"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "media_originals",
        sa.Column("loose_since", culture_cloud.db.UTCDateTime(timezone=True), nullable=True),
    )


def downgrade() -> None:
    op.drop_column("media_originals", "loose_since")
