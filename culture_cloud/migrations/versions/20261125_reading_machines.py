"""What a machine read from pictures is marked; a text may say how its words are read aloud.

Revision ID: 20261125machines
Revises: 20261125pending
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261125machines"
down_revision = "20261125pending"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("publications") as table:
        table.add_column(
            sa.Column("machine_read", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.add_column(sa.Column("readings", sa.JSON(), nullable=False, server_default="{}"))
    with op.batch_alter_table("publications") as table:
        table.alter_column("machine_read", server_default=None)
        table.alter_column("readings", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("publications") as table:
        table.drop_column("readings")
        table.drop_column("machine_read")
