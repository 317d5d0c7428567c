"""check in.

Revision ID: 20261125checkin
Revises: 20261125heritage
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import culture_cloud.db


revision = '20261125checkin'
down_revision = '20261125heritage'
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table('closed_lists',
    sa.Column('session_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('closed_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('reopened_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['session_id'], ['activity_sessions.id'], name=op.f('fk_closed_lists_session_id_activity_sessions')),
    sa.PrimaryKeyConstraint('session_id', name=op.f('pk_closed_lists'))
    )
    op.create_table('follow_ups',
    sa.Column('session_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('starts_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('done_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['session_id'], ['activity_sessions.id'], name=op.f('fk_follow_ups_session_id_activity_sessions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('session_id', 'kind', 'starts_at', name=op.f('pk_follow_ups'))
    )
    op.create_table('head_counts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('heads', sa.Integer(), nullable=False),
    sa.Column('at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['accounts.id'], name=op.f('fk_head_counts_by_id_accounts')),
    sa.ForeignKeyConstraint(['session_id'], ['activity_sessions.id'], name=op.f('fk_head_counts_session_id_activity_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_head_counts')),
    sa.UniqueConstraint('key', name=op.f('uq_head_counts_key'))
    )
    with op.batch_alter_table('head_counts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_head_counts_session_id'), ['session_id'], unique=False)

    op.create_table('arrival_reports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('sign_up_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('source', sa.String(length=8), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('conflict', sa.String(length=16), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['accounts.id'], name=op.f('fk_arrival_reports_by_id_accounts')),
    sa.ForeignKeyConstraint(['session_id'], ['activity_sessions.id'], name=op.f('fk_arrival_reports_session_id_activity_sessions')),
    sa.ForeignKeyConstraint(['sign_up_id'], ['sign_ups.id'], name=op.f('fk_arrival_reports_sign_up_id_sign_ups')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_arrival_reports')),
    sa.UniqueConstraint('key', name=op.f('uq_arrival_reports_key'))
    )
    with op.batch_alter_table('arrival_reports', schema=None) as batch_op:
        batch_op.create_index('ix_arrival_reports_conflict', ['session_id'], unique=False, sqlite_where=sa.text('conflict IS NOT NULL'), postgresql_where=sa.text('conflict IS NOT NULL'))
        batch_op.create_index(batch_op.f('ix_arrival_reports_sign_up_id'), ['sign_up_id'], unique=False)

    op.create_table('arrivals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sign_up_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('count > 0', name=op.f('ck_arrivals_count')),
    sa.ForeignKeyConstraint(['session_id'], ['activity_sessions.id'], name=op.f('fk_arrivals_session_id_activity_sessions')),
    sa.ForeignKeyConstraint(['sign_up_id'], ['sign_ups.id'], name=op.f('fk_arrivals_sign_up_id_sign_ups')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_arrivals')),
    sa.UniqueConstraint('sign_up_id', 'session_id', name=op.f('uq_arrivals_sign_up_id_session_id'))
    )
    with op.batch_alter_table('arrivals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_arrivals_session_id'), ['session_id'], unique=False)

    op.create_table('ratings',
    sa.Column('sign_up_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('liked', sa.Integer(), nullable=False),
    sa.Column('easy', sa.Integer(), nullable=False),
    sa.Column('given_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('easy BETWEEN 1 AND 5', name=op.f('ck_ratings_easy')),
    sa.CheckConstraint('liked BETWEEN 1 AND 5', name=op.f('ck_ratings_liked')),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_ratings_activity_id_activities')),
    sa.ForeignKeyConstraint(['sign_up_id'], ['sign_ups.id'], name=op.f('fk_ratings_sign_up_id_sign_ups'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('sign_up_id', name=op.f('pk_ratings'))
    )
    with op.batch_alter_table('ratings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ratings_activity_id'), ['activity_id'], unique=False)




def downgrade() -> None:

    with op.batch_alter_table('ratings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ratings_activity_id'))

    op.drop_table('ratings')
    with op.batch_alter_table('arrivals', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_arrivals_session_id'))

    op.drop_table('arrivals')
    with op.batch_alter_table('arrival_reports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_arrival_reports_sign_up_id'))
        batch_op.drop_index('ix_arrival_reports_conflict', sqlite_where=sa.text('conflict IS NOT NULL'), postgresql_where=sa.text('conflict IS NOT NULL'))

    op.drop_table('arrival_reports')
    with op.batch_alter_table('head_counts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_head_counts_session_id'))

    op.drop_table('head_counts')
    op.drop_table('follow_ups')
    op.drop_table('closed_lists')

