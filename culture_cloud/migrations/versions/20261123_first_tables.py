"""first tables.

Revision ID: 20261123a
Revises: 
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import culture_cloud.db


revision = '20261123a'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('accounts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('mode', sa.String(length=16), nullable=True),
    sa.Column('locale', sa.String(length=16), nullable=True),
    sa.Column('display', sa.String(length=200), nullable=True),
    sa.Column('created_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('phone IS NOT NULL OR email IS NOT NULL', name=op.f('ck_accounts_reachable')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts')),
    sa.UniqueConstraint('email', name=op.f('uq_accounts_email')),
    sa.UniqueConstraint('phone', name=op.f('uq_accounts_phone'))
    )
    op.create_table('activity_kinds',
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('name_en', sa.String(length=40), nullable=False),
    sa.Column('motif', sa.String(length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_activity_kinds'))
    )
    op.create_table('attempts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key_hash', sa.String(length=32), nullable=False),
    sa.Column('at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempts'))
    )
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.create_index('ix_attempts_at', ['at'], unique=False)
        batch_op.create_index('ix_attempts_key_hash_at', ['key_hash', 'at'], unique=False)

    op.create_table('audiences',
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('name_en', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_audiences'))
    )
    op.create_table('data_versions',
    sa.Column('topic', sa.String(length=32), nullable=False),
    sa.Column('shard', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('topic', 'shard', name=op.f('pk_data_versions'))
    )
    op.create_table('jobs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.Column('arguments', sa.JSON(), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('due_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('claimed_until', culture_cloud.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.Column('created_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'failed')", name=op.f('ck_jobs_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs'))
    )
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.create_index('ix_jobs_state_due_at', ['state', 'due_at'], unique=False)
        batch_op.create_index('uq_jobs_waiting_key', ['key'], unique=True, sqlite_where=sa.text("state = 'waiting' AND claimed_until IS NULL"), postgresql_where=sa.text("state = 'waiting' AND claimed_until IS NULL"))

    op.create_table('levels',
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('name_en', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('plate_rule', sa.String(length=120), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_levels')),
    sa.UniqueConstraint('position', name=op.f('uq_levels_position'))
    )
    op.create_table('networks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('region_code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('site_name', sa.String(length=80), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('sms_phone', sa.String(length=40), nullable=False),
    sa.Column('phone_hours', sa.String(length=120), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_networks')),
    sa.UniqueConstraint('region_code', name=op.f('uq_networks_region_code'))
    )
    op.create_table('worker_heartbeats',
    sa.Column('worker', sa.String(length=64), nullable=False),
    sa.Column('beat_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('worker', name=op.f('pk_worker_heartbeats'))
    )
    op.create_table('nodes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('level_code', sa.String(length=32), nullable=False),
    sa.Column('path', sa.String(length=200), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('plate_name', sa.String(length=120), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('sms_phone', sa.String(length=40), nullable=False),
    sa.Column('liaison', sa.String(length=80), nullable=False),
    sa.Column('access', sa.JSON(), nullable=False),
    sa.Column('photo', sa.String(length=80), nullable=True),
    sa.Column('photo_alt', sa.String(length=200), nullable=False),
    sa.Column('review_required', sa.Boolean(), nullable=False),
    sa.Column('closed_down', sa.Boolean(), nullable=False),
    sa.Column('updated_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['level_code'], ['levels.code'], name=op.f('fk_nodes_level_code_levels')),
    sa.ForeignKeyConstraint(['parent_id'], ['nodes.id'], name=op.f('fk_nodes_parent_id_nodes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nodes')),
    sa.UniqueConstraint('code', name=op.f('uq_nodes_code')),
    sa.UniqueConstraint('path', name=op.f('uq_nodes_path'))
    )
    with op.batch_alter_table('nodes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_nodes_parent_id'), ['parent_id'], unique=False)

    op.create_table('password_resets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=True),
    sa.Column('expires_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_password_resets_account_id_accounts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_password_resets')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_password_resets_token_hash'))
    )
    with op.batch_alter_table('password_resets', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_password_resets_account_id'), ['account_id'], unique=False)

    op.create_table('sign_ins',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('device', sa.String(length=80), nullable=False),
    sa.Column('created_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('seen_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_sign_ins_account_id_accounts'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_ins')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_sign_ins_token_hash'))
    )
    with op.batch_alter_table('sign_ins', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_ins_account_id'), ['account_id'], unique=False)

    op.create_table('activity_feeds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('node_id', sa.Integer(), nullable=False),
    sa.Column('url', sa.String(length=1000), nullable=False),
    sa.Column('mapping', sa.String(length=64), nullable=False),
    sa.Column('every_hours', sa.Integer(), nullable=False),
    sa.Column('publish', sa.Boolean(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('etag', sa.String(length=200), nullable=False),
    sa.Column('last_modified', sa.String(length=80), nullable=False),
    sa.Column('fetched_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('read_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(length=500), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['node_id'], ['nodes.id'], name=op.f('fk_activity_feeds_node_id_nodes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activity_feeds'))
    )
    with op.batch_alter_table('activity_feeds', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_activity_feeds_node_id'), ['node_id'], unique=False)

    op.create_table('closings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('node_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('opens', sa.Time(), nullable=True),
    sa.Column('closes', sa.Time(), nullable=True),
    sa.CheckConstraint('starts_on <= ends_on', name=op.f('ck_closings_days')),
    sa.ForeignKeyConstraint(['node_id'], ['nodes.id'], name=op.f('fk_closings_node_id_nodes'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closings'))
    )
    with op.batch_alter_table('closings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_closings_node_id'), ['node_id'], unique=False)

    op.create_table('import_batches',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('node_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('showing', sa.String(length=16), nullable=False),
    sa.Column('created_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('imported_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('created', sa.Integer(), nullable=False),
    sa.Column('changed', sa.Integer(), nullable=False),
    sa.Column('unchanged', sa.Integer(), nullable=False),
    sa.Column('refused', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_import_batches_account_id_accounts')),
    sa.ForeignKeyConstraint(['node_id'], ['nodes.id'], name=op.f('fk_import_batches_node_id_nodes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_batches')),
    sa.UniqueConstraint('key', name=op.f('uq_import_batches_key'))
    )
    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_batches_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_import_batches_node_id'), ['node_id'], unique=False)

    op.create_table('notices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('template', sa.String(length=80), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('recipient', sa.String(length=254), nullable=False),
    sa.Column('locale', sa.String(length=16), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('node_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_error', sa.String(length=500), nullable=False),
    sa.Column('created_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('send_until', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('sent_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_notices_account_id_accounts')),
    sa.ForeignKeyConstraint(['node_id'], ['nodes.id'], name=op.f('fk_notices_node_id_nodes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices')),
    sa.UniqueConstraint('key', name=op.f('uq_notices_key'))
    )
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notices_account_id'), ['account_id'], unique=False)
        batch_op.create_index('ix_notices_state_created_at', ['state', 'created_at'], unique=False)

    op.create_table('opening_hours',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('node_id', sa.Integer(), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('opens', sa.Time(), nullable=False),
    sa.Column('closes', sa.Time(), nullable=False),
    sa.CheckConstraint('opens < closes', name=op.f('ck_opening_hours_span')),
    sa.CheckConstraint('weekday BETWEEN 0 AND 6', name=op.f('ck_opening_hours_weekday')),
    sa.ForeignKeyConstraint(['node_id'], ['nodes.id'], name=op.f('fk_opening_hours_node_id_nodes'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opening_hours')),
    sa.UniqueConstraint('node_id', 'weekday', 'opens', name=op.f('uq_opening_hours_node_id_weekday_opens'))
    )
    with op.batch_alter_table('opening_hours', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_opening_hours_node_id'), ['node_id'], unique=False)

    op.create_table('role_grants',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('node_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('granted_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_role_grants_account_id_accounts'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['node_id'], ['nodes.id'], name=op.f('fk_role_grants_node_id_nodes'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grants')),
    sa.UniqueConstraint('account_id', 'node_id', 'role', name=op.f('uq_role_grants_account_id_node_id_role'))
    )
    op.create_table('activities',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(length=255), nullable=False),
    sa.Column('node_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('kind_code', sa.String(length=32), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('place_name', sa.String(length=200), nullable=False),
    sa.Column('place_node_id', sa.Integer(), nullable=True),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('is_free', sa.Boolean(), nullable=False),
    sa.Column('fee', sa.String(length=300), nullable=False),
    sa.Column('bring', sa.String(length=300), nullable=False),
    sa.Column('access', sa.JSON(), nullable=False),
    sa.Column('organiser', sa.String(length=200), nullable=False),
    sa.Column('co_organisers', sa.String(length=500), nullable=False),
    sa.Column('contact_phone', sa.String(length=60), nullable=False),
    sa.Column('poster', sa.String(length=80), nullable=True),
    sa.Column('poster_alt', sa.String(length=300), nullable=False),
    sa.Column('sign_up', sa.String(length=16), nullable=False),
    sa.Column('sign_up_url', sa.String(length=500), nullable=False),
    sa.Column('enrolment', sa.String(length=16), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('sign_up_opens_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('sign_up_closes_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('max_party', sa.Integer(), nullable=False),
    sa.Column('rrule', sa.String(length=500), nullable=False),
    sa.Column('source', sa.String(length=16), nullable=False),
    sa.Column('feed_id', sa.Integer(), nullable=True),
    sa.Column('source_name', sa.String(length=200), nullable=False),
    sa.Column('source_url', sa.String(length=1000), nullable=False),
    sa.Column('extra', sa.JSON(), nullable=False),
    sa.Column('state_reason', sa.String(length=300), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('published_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('first_starts_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('last_ends_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('capacity IS NULL OR capacity >= 0', name=op.f('ck_activities_capacity')),
    sa.CheckConstraint('max_party BETWEEN 1 AND 10', name=op.f('ck_activities_max_party')),
    sa.ForeignKeyConstraint(['created_by_id'], ['accounts.id'], name=op.f('fk_activities_created_by_id_accounts')),
    sa.ForeignKeyConstraint(['feed_id'], ['activity_feeds.id'], name=op.f('fk_activities_feed_id_activity_feeds')),
    sa.ForeignKeyConstraint(['kind_code'], ['activity_kinds.code'], name=op.f('fk_activities_kind_code_activity_kinds')),
    sa.ForeignKeyConstraint(['node_id'], ['nodes.id'], name=op.f('fk_activities_node_id_nodes')),
    sa.ForeignKeyConstraint(['place_node_id'], ['nodes.id'], name=op.f('fk_activities_place_node_id_nodes')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activities')),
    sa.UniqueConstraint('uid', name=op.f('uq_activities_uid'))
    )
    with op.batch_alter_table('activities', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_activities_feed_id'), ['feed_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_activities_node_id'), ['node_id'], unique=False)
        batch_op.create_index('ix_activities_node_id_title', ['node_id', 'title'], unique=False)
        batch_op.create_index('ix_activities_state_updated_at', ['state', 'updated_at'], unique=False)

    op.create_table('activity_audiences',
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('audience_code', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_activity_audiences_activity_id_activities'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['audience_code'], ['audiences.code'], name=op.f('fk_activity_audiences_audience_code_audiences')),
    sa.PrimaryKeyConstraint('activity_id', 'audience_code', name=op.f('pk_activity_audiences'))
    )
    with op.batch_alter_table('activity_audiences', schema=None) as batch_op:
        batch_op.create_index('ix_activity_audiences_audience_code', ['audience_code', 'activity_id'], unique=False)

    op.create_table('activity_sessions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('ends_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('end_known', sa.Boolean(), nullable=False),
    sa.Column('all_day', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('recurrence_id', culture_cloud.db.UTCDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('starts_at <= ends_at', name=op.f('ck_activity_sessions_span')),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_activity_sessions_activity_id_activities'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activity_sessions'))
    )
    with op.batch_alter_table('activity_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_activity_sessions_activity_id'), ['activity_id'], unique=False)
        batch_op.create_index('ix_activity_sessions_starts_at', ['starts_at'], unique=False)

    op.create_table('agenda',
    sa.Column('ancestor_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('starts_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('ends_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('kind_code', sa.String(length=32), nullable=False),
    sa.Column('is_free', sa.Boolean(), nullable=False),
    sa.Column('lasting', sa.Boolean(), nullable=False),
    sa.Column('listed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_agenda_activity_id_activities'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['activity_sessions.id'], name=op.f('fk_agenda_session_id_activity_sessions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('ancestor_id', 'starts_at', 'session_id', name=op.f('pk_agenda')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('agenda', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agenda_activity_id'), ['activity_id'], unique=False)
        batch_op.create_index('ix_agenda_kind', ['ancestor_id', 'kind_code', 'starts_at'], unique=False)
        batch_op.create_index('ix_agenda_lasting', ['ancestor_id', 'lasting', 'ends_at'], unique=False)
        batch_op.create_index('ix_agenda_session_id', ['session_id'], unique=False)

    op.create_table('allotments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.CheckConstraint('capacity IS NULL OR taken <= capacity', name=op.f('ck_allotments_never_oversold')),
    sa.CheckConstraint('taken >= 0', name=op.f('ck_allotments_taken_not_negative')),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_allotments_activity_id_activities'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['session_id'], ['activity_sessions.id'], name=op.f('fk_allotments_session_id_activity_sessions'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_allotments')),
    sa.UniqueConstraint('session_id', name=op.f('uq_allotments_session_id'))
    )
    with op.batch_alter_table('allotments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_allotments_activity_id'), ['activity_id'], unique=False)
        batch_op.create_index('uq_allotments_course', ['activity_id'], unique=True, sqlite_where=sa.text('session_id IS NULL'), postgresql_where=sa.text('session_id IS NULL'))

    op.create_table('sign_ups',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('activity_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('allotment_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('channel', sa.String(length=16), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('companions', sa.JSON(), nullable=False),
    sa.Column('party_size', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=6), nullable=False),
    sa.Column('token', sa.String(length=43), nullable=False),
    sa.Column('idempotency_key', sa.String(length=64), nullable=False),
    sa.Column('locale', sa.String(length=16), nullable=False),
    sa.Column('created_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=False),
    sa.Column('cancelled_at', culture_cloud.db.UTCDateTime(timezone=True), nullable=True),
    sa.Column('cancel_reason', sa.String(length=200), nullable=False),
    sa.CheckConstraint("state IN ('confirmed', 'cancelled')", name=op.f('ck_sign_ups_state')),
    sa.CheckConstraint('party_size BETWEEN 1 AND 10', name=op.f('ck_sign_ups_party_size')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_sign_ups_account_id_accounts')),
    sa.ForeignKeyConstraint(['activity_id'], ['activities.id'], name=op.f('fk_sign_ups_activity_id_activities')),
    sa.ForeignKeyConstraint(['allotment_id'], ['allotments.id'], name=op.f('fk_sign_ups_allotment_id_allotments')),
    sa.ForeignKeyConstraint(['session_id'], ['activity_sessions.id'], name=op.f('fk_sign_ups_session_id_activity_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_ups')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_sign_ups_idempotency_key')),
    sa.UniqueConstraint('phone', 'code', name=op.f('uq_sign_ups_phone_code')),
    sa.UniqueConstraint('token', name=op.f('uq_sign_ups_token'))
    )
    with op.batch_alter_table('sign_ups', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_ups_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sign_ups_activity_id'), ['activity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sign_ups_allotment_id'), ['allotment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sign_ups_session_id'), ['session_id'], unique=False)
        batch_op.create_index('uq_sign_ups_person', ['allotment_id', 'phone', 'name'], unique=True, sqlite_where=sa.text("state = 'confirmed'"), postgresql_where=sa.text("state = 'confirmed'"))

    from culture_cloud.migrations.seeds import add_reference_data

    add_reference_data(op)


def downgrade() -> None:
    with op.batch_alter_table('sign_ups', schema=None) as batch_op:
        batch_op.drop_index('uq_sign_ups_person', sqlite_where=sa.text("state = 'confirmed'"), postgresql_where=sa.text("state = 'confirmed'"))
        batch_op.drop_index(batch_op.f('ix_sign_ups_session_id'))
        batch_op.drop_index(batch_op.f('ix_sign_ups_allotment_id'))
        batch_op.drop_index(batch_op.f('ix_sign_ups_activity_id'))
        batch_op.drop_index(batch_op.f('ix_sign_ups_account_id'))

    op.drop_table('sign_ups')
    with op.batch_alter_table('allotments', schema=None) as batch_op:
        batch_op.drop_index('uq_allotments_course', sqlite_where=sa.text('session_id IS NULL'), postgresql_where=sa.text('session_id IS NULL'))
        batch_op.drop_index(batch_op.f('ix_allotments_activity_id'))

    op.drop_table('allotments')
    with op.batch_alter_table('agenda', schema=None) as batch_op:
        batch_op.drop_index('ix_agenda_session_id')
        batch_op.drop_index('ix_agenda_lasting')
        batch_op.drop_index('ix_agenda_kind')
        batch_op.drop_index(batch_op.f('ix_agenda_activity_id'))

    op.drop_table('agenda')
    with op.batch_alter_table('activity_sessions', schema=None) as batch_op:
        batch_op.drop_index('ix_activity_sessions_starts_at')
        batch_op.drop_index(batch_op.f('ix_activity_sessions_activity_id'))

    op.drop_table('activity_sessions')
    with op.batch_alter_table('activity_audiences', schema=None) as batch_op:
        batch_op.drop_index('ix_activity_audiences_audience_code')

    op.drop_table('activity_audiences')
    with op.batch_alter_table('activities', schema=None) as batch_op:
        batch_op.drop_index('ix_activities_state_updated_at')
        batch_op.drop_index('ix_activities_node_id_title')
        batch_op.drop_index(batch_op.f('ix_activities_node_id'))
        batch_op.drop_index(batch_op.f('ix_activities_feed_id'))

    op.drop_table('activities')
    op.drop_table('role_grants')
    with op.batch_alter_table('opening_hours', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_opening_hours_node_id'))

    op.drop_table('opening_hours')
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.drop_index('ix_notices_state_created_at')
        batch_op.drop_index(batch_op.f('ix_notices_account_id'))

    op.drop_table('notices')
    with op.batch_alter_table('import_batches', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_batches_node_id'))
        batch_op.drop_index(batch_op.f('ix_import_batches_account_id'))

    op.drop_table('import_batches')
    with op.batch_alter_table('closings', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_closings_node_id'))

    op.drop_table('closings')
    with op.batch_alter_table('activity_feeds', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_activity_feeds_node_id'))

    op.drop_table('activity_feeds')
    with op.batch_alter_table('sign_ins', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_ins_account_id'))

    op.drop_table('sign_ins')
    with op.batch_alter_table('password_resets', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_password_resets_account_id'))

    op.drop_table('password_resets')
    with op.batch_alter_table('nodes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_nodes_parent_id'))

    op.drop_table('nodes')
    op.drop_table('worker_heartbeats')
    op.drop_table('networks')
    op.drop_table('levels')
    with op.batch_alter_table('jobs', schema=None) as batch_op:
        batch_op.drop_index('uq_jobs_waiting_key', sqlite_where=sa.text("state = 'waiting' AND claimed_until IS NULL"), postgresql_where=sa.text("state = 'waiting' AND claimed_until IS NULL"))
        batch_op.drop_index('ix_jobs_state_due_at')

    op.drop_table('jobs')
    op.drop_table('data_versions')
    op.drop_table('audiences')
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.drop_index('ix_attempts_key_hash_at')
        batch_op.drop_index('ix_attempts_at')

    op.drop_table('attempts')
    op.drop_table('activity_kinds')
    op.drop_table('accounts')
