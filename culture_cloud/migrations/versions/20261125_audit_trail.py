"""audit trail.

Revision ID: 20261125audit
Revises: 20261125search
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import culture_cloud.db
from culture_cloud.audit.triggers import add_triggers, drop_triggers


revision = '20261125audit'
down_revision = '20261125search'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('node_id', sa.Integer(), nullable=True),
    sa.Column('changes', sa.Text(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entries')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entries_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index('ix_audit_entries_node_id_id', ['node_id', 'id'], unique=False)
        batch_op.create_index('ix_audit_entries_subject', ['subject_kind', 'subject_id', 'id'], unique=False)

    op.create_table('audit_seals',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('sealed_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['audit_entries.id'], name=op.f('fk_audit_seals_entry_id_audit_entries')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_audit_seals')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_audit_seals_entry_id'))
    )
    add_triggers(op)


def downgrade() -> None:
    drop_triggers(op)
    op.drop_table('audit_seals')
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_entries_subject')
        batch_op.drop_index('ix_audit_entries_node_id_id')
        batch_op.drop_index(batch_op.f('ix_audit_entries_actor_id'))

    op.drop_table('audit_entries')
