-- The sandbox service's own tables. What Prisma cannot say lives here: checks, partitions, partial indexes
-- and the trigger that moves updated_at.

create function touch_updated_at() returns trigger language plpgsql as $$
begin
  new.updated_at := now();
  return new;
end $$;

-- What this service knows of the people who own sandboxes: fed by identity's events, newest version wins.
-- active_sandboxes is the quota: every transition into or out of 'active' moves it in the same statement or
-- transaction, so that taking a slot is one conditional update of this row.
create table account_refs (
  id               uuid           not null constraint account_refs_pkey primary key,
  username         varchar(50),
  role             varchar(50)    not null check (role in ('student', 'instructor', 'admin')),
  status           varchar(20)    not null check (status in ('active', 'inactive', 'suspended')),
  version          integer        not null default 0 check (version >= 0),
  active_sandboxes integer        not null default 0 check (active_sandboxes >= 0),
  created_at       timestamptz(3) not null default now(),
  updated_at       timestamptz(3) not null default now()
);

create trigger account_refs_touch before update on account_refs
  for each row execute function touch_updated_at();

create table sandboxes (
  id                     uuid           not null default gen_random_uuid() constraint sandboxes_pkey primary key,
  user_id                uuid           not null,
  name                   varchar(255)   not null check (length(name) >= 1),
  description            text           check (length(description) <= 10000),
  type                   varchar(50)    not null default 'development'
    check (type in ('development', 'tutorial', 'exercise', 'assessment', 'collaboration')),
  status                 varchar(20)    not null default 'active'
    check (status in ('active', 'inactive', 'suspended', 'terminated')),
  status_reason          varchar(20)    check (status_reason in ('expired', 'owner', 'admin', 'account')),
  node_name              varchar(100)   check (length(node_name) >= 1),
  resource_limits        jsonb          not null check (
    resource_limits ?& array['maxMemoryBytes', 'maxProcesses', 'maxExecutionSeconds']
    and (resource_limits->'maxMemoryBytes')::numeric between 16777216 and 17179869184
    and (resource_limits->'maxProcesses')::numeric between 16 and 1000000
    and (resource_limits->'maxExecutionSeconds')::numeric between 1 and 604800),
  configuration          jsonb          not null default '{}' check (jsonb_typeof(configuration) = 'object'),
  metadata               jsonb          not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  version                integer        not null default 1 check (version >= 1),
  file_count             integer        not null default 0 check (file_count >= 0),
  total_bytes            integer        not null default 0 check (total_bytes >= 0),
  history_bytes          integer        not null default 0 check (history_bytes >= 0),
  forked_from_id         uuid,
  forked_from_version    integer        check (forked_from_version >= 1),
  expiry_warning_minutes smallint       check (expiry_warning_minutes in (60, 10)),
  created_at             timestamptz(3) not null default now(),
  updated_at             timestamptz(3) not null default now(),
  last_accessed_at       timestamptz(3),
  expires_at             timestamptz(3) not null,
  recoverable_until      timestamptz(3),
  check (expires_at > created_at),
  check ((status = 'active') = (status_reason is null)),
  check ((status in ('inactive', 'terminated')) = (recoverable_until is not null)),
  check ((forked_from_id is null) = (forked_from_version is null))
);

-- Every change moves the version; noting that somebody looked and tidying up are no changes.
create trigger sandboxes_touch before update on sandboxes
  for each row when (new.version is distinct from old.version)
  execute function touch_updated_at();

-- Each serves one access path, newest first with the id as tie-breaker (cursor pages). None on user_id or
-- status alone: those are left prefixes of these.
create index sandboxes_user_id_created_at_id_idx on sandboxes (user_id, created_at, id);
create index sandboxes_status_created_at_id_idx on sandboxes (status, created_at, id);
create index sandboxes_created_at_id_idx on sandboxes (created_at, id);
-- Partial: most sandboxes are on no node, most are not about to expire or to be purged.
create index sandboxes_node_name_idx on sandboxes (node_name) where node_name is not null;
create index sandboxes_expires_at_idx on sandboxes (expires_at) where status = 'active';
create index sandboxes_recoverable_until_idx on sandboxes (recoverable_until) where recoverable_until is not null;

-- One row per version of a file; rows are never updated but for verified_at. Content is the document
-- document_id in sandbox_files, or for large and binary files the object object_key; a fork has rows of its own
-- that share both.
create table file_versions (
  id          uuid           not null default gen_random_uuid() constraint file_versions_pkey primary key,
  sandbox_id  uuid           not null
    constraint file_versions_sandbox_id_fkey references sandboxes (id) on update cascade on delete cascade,
  path        text           not null collate "C" check (octet_length(path) between 1 and 1024),
  version     integer        not null check (version >= 1),
  size_bytes  integer        not null check (size_bytes >= 0),
  sha256      char(64)       not null check (sha256 ~ '^[0-9a-f]{64}$'),
  media_type  varchar(100)   not null check (length(media_type) >= 1),
  encoding    varchar(10)    not null check (encoding in ('utf-8', 'binary')),
  document_id uuid           not null,
  object_key  text,
  created_by  uuid,
  created_at  timestamptz(3) not null default now(),
  verified_at timestamptz(3)
);
create unique index file_versions_sandbox_id_path_version_key on file_versions (sandbox_id, path, version);
-- The sweeper asks by these whether stored content is still referred to.
create index file_versions_document_id_idx on file_versions (document_id);
create index file_versions_object_key_idx on file_versions (object_key);

-- The working tree. path_key is the path folded by case and Unicode compatibility, so that twins cannot coexist;
-- both columns compare by bytes, so that "everything below a folder" is a range of the primary key.
create table tree_entries (
  sandbox_id uuid not null
    constraint tree_entries_sandbox_id_fkey references sandboxes (id) on update cascade on delete cascade,
  path_key   text not null collate "C",
  path       text not null collate "C" check (octet_length(path) between 1 and 1024),
  file_id    uuid not null
    constraint tree_entries_file_id_fkey references file_versions (id) on update cascade on delete no action,
  constraint tree_entries_pkey primary key (sandbox_id, path_key)
);
create index tree_entries_file_id_idx on tree_entries (file_id);

-- Checkpoints. version is the sandbox's version whose files they hold; file_ids says what they keep alive.
-- No index on sandbox_id or (sandbox_id, version): the keys have them as prefix.
create table sandbox_states (
  id              uuid           not null default gen_random_uuid(),
  sandbox_id      uuid           not null
    constraint sandbox_states_sandbox_id_fkey references sandboxes (id) on update cascade on delete cascade,
  version         integer        not null check (version >= 1),
  state_data      jsonb          not null check (jsonb_typeof(state_data) = 'object'),
  manifest_key    text           not null,
  file_ids        uuid[],
  checkpoint_name varchar(255)   check (length(checkpoint_name) >= 1),
  reason          varchar(20)    not null default 'manual'
    check (reason in ('manual', 'before-restore', 'before-import', 'before-expiry')),
  pinned          boolean        not null default false,
  revision        integer        not null default 1 check (revision >= 1),
  created_by      uuid,
  created_at      timestamptz(3) not null default now(),
  updated_at      timestamptz(3) not null default now(),
  metadata        jsonb          not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  constraint sandbox_states_pkey primary key (sandbox_id, id)
) partition by hash (sandbox_id);

do $$
begin
  for remainder in 0..15 loop
    execute format(
      'create table %I partition of sandbox_states for values with (modulus 16, remainder %s)',
      'sandbox_states_p' || lpad(remainder::text, 2, '0'), remainder);
  end loop;
end $$;

create unique index sandbox_states_sandbox_id_version_key on sandbox_states (sandbox_id, version);
create index sandbox_states_created_at_idx on sandbox_states (created_at);
create index sandbox_states_manifest_key_idx on sandbox_states (manifest_key);

create trigger sandbox_states_touch before update on sandbox_states
  for each row execute function touch_updated_at();
