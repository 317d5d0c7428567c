"""search synonyms: the sets that every site begins with.

Revision ID: 20261125synonyms
Revises: 20261125reading
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

import culture_cloud.db


revision = '20261125synonyms'
down_revision = '20261125reading'
branch_labels = None
depends_on = None

SETS = (
    '非遗\n非物质文化遗产',
    '农家书屋\n村图书室',
    '电影\n放映',
    '老人\n老年人\n长者',
    '小孩\n儿童\n少儿',
)


def upgrade() -> None:
    table = sa.table(
        'search_synonyms',
        sa.column('words', sa.Text),
        sa.column('updated_at', culture_cloud.db.UTCDateTime),
    )
    now = datetime.now(UTC)
    op.bulk_insert(table, [{'words': words, 'updated_at': now} for words in SETS])


def downgrade() -> None:
    op.execute(sa.text('DELETE FROM search_synonyms'))
