"""recordings of pages.

Revision ID: 20261125_recordings
Revises: 20261125family
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import culture_cloud.db


revision = '20261125_recordings'
down_revision = '20261125family'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('recordings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject_kind', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.String(length=60), nullable=False),
    sa.Column('original_id', sa.Integer(), nullable=False),
    sa.Column('spoken_by', sa.String(length=60), nullable=False),
    sa.Column('words_digest', sa.String(length=32), nullable=False),
    sa.Column('added_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('added_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['added_by_id'], ['accounts.id'], name=op.f('fk_recordings_added_by_id_accounts'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['original_id'], ['media_originals.id'], name=op.f('fk_recordings_original_id_media_originals')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recordings')),
    sa.UniqueConstraint('subject_kind', 'subject_id', name=op.f('uq_recordings_subject_kind_subject_id'))
    )
    with op.batch_alter_table('recordings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recordings_added_by_id'), ['added_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recordings_original_id'), ['original_id'], unique=False)


def downgrade() -> None:
    op.drop_table('recordings')
