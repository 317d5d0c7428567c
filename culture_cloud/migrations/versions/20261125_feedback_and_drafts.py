"""feedback and drafts.

Revision ID: 20261125feedback
Revises: 20261125notices
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import culture_cloud.db


revision = '20261125feedback'
down_revision = '20261125notices'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('drafts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('form', sa.String(length=60), nullable=False),
    sa.Column('answers', sa.Text(), nullable=False),
    sa.Column('file', sa.LargeBinary(), nullable=True),
    sa.Column('file_type', sa.String(length=60), nullable=False),
    sa.Column('changed_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drafts')),
    sa.UniqueConstraint('token_hash', 'form', name=op.f('uq_drafts_token_hash_form'))
    )
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_drafts_changed_at'), ['changed_at'], unique=False)

    op.create_table('feedback',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=43), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('node_id', sa.Integer(), nullable=True),
    sa.Column('page', sa.String(length=300), nullable=False),
    sa.Column('mode', sa.String(length=16), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('reply', sa.String(length=16), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('may_show', sa.Boolean(), nullable=False),
    sa.Column('locale', sa.String(length=16), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('idempotency_key', sa.String(length=64), nullable=False),
    sa.Column('created_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('shown_words', sa.Text(), nullable=False),
    sa.CheckConstraint("kind IN ('hard', 'question')", name=op.f('ck_feedback_kind')),
    sa.CheckConstraint("reply IN ('sms', 'call', 'page')", name=op.f('ck_feedback_reply')),
    sa.CheckConstraint("state IN ('open', 'answered', 'withdrawn')", name=op.f('ck_feedback_state')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_feedback_account_id_accounts')),
    sa.ForeignKeyConstraint(['answered_by'], ['accounts.id'], name=op.f('fk_feedback_answered_by_accounts')),
    sa.ForeignKeyConstraint(['node_id'], ['nodes.id'], name=op.f('fk_feedback_node_id_nodes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_feedback_idempotency_key')),
    sa.UniqueConstraint('token', name=op.f('uq_feedback_token'))
    )
    with op.batch_alter_table('feedback', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feedback_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_feedback_node_id'), ['node_id'], unique=False)
        batch_op.create_index('ix_feedback_state_due_on', ['state', 'due_on'], unique=False)

    op.create_table('feedback_voices',
    sa.Column('feedback_id', sa.Integer(), nullable=False),
    sa.Column('content_type', sa.String(length=60), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['feedback_id'], ['feedback.id'], name=op.f('fk_feedback_voices_feedback_id_feedback'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('feedback_id', name=op.f('pk_feedback_voices'))
    )


def downgrade() -> None:
    op.drop_table('feedback_voices')
    with op.batch_alter_table('feedback', schema=None) as batch_op:
        batch_op.drop_index('ix_feedback_state_due_on')
        batch_op.drop_index(batch_op.f('ix_feedback_node_id'))
        batch_op.drop_index(batch_op.f('ix_feedback_account_id'))

    op.drop_table('feedback')
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_drafts_changed_at'))

    op.drop_table('drafts')
