"""notices choices.

Revision ID: 20261125notices
Revises: 20261125_originals
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import culture_cloud.db


revision = '20261125notices'
down_revision = '20261125_originals'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('deleted_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f('ck_accounts_reachable'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_accounts_reachable'), 'phone IS NOT NULL OR email IS NOT NULL OR deleted_at IS NOT NULL')

    op.create_table('notice_choices',
    sa.Column('account_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('sms', sa.Boolean(), nullable=False),
    sa.Column('email', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_notice_choices_account_id_accounts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('account_id', 'kind', name=op.f('pk_notice_choices'))
    )
    op.create_table('notice_settings',
    sa.Column('node_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('quiet_from', sa.Time(), nullable=False),
    sa.Column('quiet_to', sa.Time(), nullable=False),
    sa.Column('sms_per_day', sa.Integer(), nullable=True),
    sa.CheckConstraint('sms_per_day >= 0', name=op.f('ck_notice_settings_sms_per_day')),
    sa.ForeignKeyConstraint(['node_id'], ['nodes.id'], name=op.f('fk_notice_settings_node_id_nodes'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('node_id', name=op.f('pk_notice_settings'))
    )
    op.create_table('sms_days',
    sa.Column('node_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('sent', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['node_id'], ['nodes.id'], name=op.f('fk_sms_days_node_id_nodes'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('node_id', 'day', name=op.f('pk_sms_days'))
    )
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.add_column(sa.Column('due_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('read_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('called_by_id', sa.Integer(), nullable=True))
        batch_op.drop_index(batch_op.f('ix_notices_account_id'))
        batch_op.create_index('ix_notices_account_id_channel_id', ['account_id', 'channel', 'id'], unique=False)
        batch_op.create_index('ix_notices_node_id_id', ['node_id', 'id'], unique=False)
        batch_op.create_index('ix_notices_unread', ['account_id'], unique=False, sqlite_where=sa.text("channel = 'inbox' AND read_at IS NULL"), postgresql_where=sa.text("channel = 'inbox' AND read_at IS NULL"))
        batch_op.create_foreign_key(batch_op.f('fk_notices_called_by_id_accounts'), 'accounts', ['called_by_id'], ['id'])
    op.execute("UPDATE notices SET due_at = created_at")
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.alter_column('due_at', nullable=False)



def downgrade() -> None:
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_notices_called_by_id_accounts'), type_='foreignkey')
        batch_op.drop_index('ix_notices_unread', sqlite_where=sa.text("channel = 'inbox' AND read_at IS NULL"), postgresql_where=sa.text("channel = 'inbox' AND read_at IS NULL"))
        batch_op.drop_index('ix_notices_node_id_id')
        batch_op.drop_index('ix_notices_account_id_channel_id')
        batch_op.create_index(batch_op.f('ix_notices_account_id'), ['account_id'], unique=False)
        batch_op.drop_column('called_by_id')
        batch_op.drop_column('read_at')
        batch_op.drop_column('due_at')

    op.drop_table('sms_days')
    op.drop_table('notice_settings')
    op.drop_table('notice_choices')
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_accounts_reachable'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_accounts_reachable'), 'phone IS NOT NULL OR email IS NOT NULL')
        batch_op.drop_column('deleted_at')
