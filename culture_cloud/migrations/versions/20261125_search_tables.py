"""search tables.

Revision ID: 20261125search
Revises: 20261123a
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import culture_cloud.db


revision = '20261125search'
down_revision = '20261123a'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('search_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('created_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_changes'))
    )
    with op.batch_alter_table('search_changes', schema=None) as batch_op:
        batch_op.create_index('ix_search_changes_created_at', ['created_at'], unique=False)

    op.create_table('search_state',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('changed_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_search_state'))
    )
    op.create_table('search_synonyms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('updated_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_synonyms'))
    )
    op.create_table('searched_words',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(length=60), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('times_nothing', sa.Integer(), nullable=False),
    sa.CheckConstraint('times >= times_nothing', name=op.f('ck_searched_words_times')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_searched_words')),
    sa.UniqueConstraint('words', 'day', name=op.f('uq_searched_words_words_day'))
    )
    with op.batch_alter_table('searched_words', schema=None) as batch_op:
        batch_op.create_index('ix_searched_words_day', ['day'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('searched_words', schema=None) as batch_op:
        batch_op.drop_index('ix_searched_words_day')

    op.drop_table('searched_words')
    op.drop_table('search_synonyms')
    op.drop_table('search_state')
    with op.batch_alter_table('search_changes', schema=None) as batch_op:
        batch_op.drop_index('ix_search_changes_created_at')

    op.drop_table('search_changes')
