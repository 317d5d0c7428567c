"""family and calendar.

Revision ID: 20261125family
Revises: 20261125a
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import culture_cloud.db


revision = '20261125family'
down_revision = '20261125a'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('calendar_links',
    sa.Column('account_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('token', sa.String(length=43), nullable=False),
    sa.Column('created_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_calendar_links_account_id_accounts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_calendar_links')),
    sa.UniqueConstraint('token', name=op.f('uq_calendar_links_token'))
    )
    op.create_table('family_members',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('relation', sa.String(length=16), nullable=False),
    sa.Column('birth_year', sa.Integer(), nullable=True),
    sa.Column('consent', sa.String(length=300), nullable=False),
    sa.Column('consented_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('created_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_family_members_account_id_accounts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_family_members'))
    )
    with op.batch_alter_table('family_members', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_family_members_account_id'), ['account_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('family_members', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_family_members_account_id'))

    op.drop_table('family_members')
    op.drop_table('calendar_links')
