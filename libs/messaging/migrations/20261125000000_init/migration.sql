-- Tables of the messaging machinery, in the database of every service that publishes or consumes.

create schema if not exists messaging;

-- What was committed and is not yet confirmed by the bus. Rows are inserted with the change they announce and
-- deleted by the relay, so the table is small and its pages are reused: vacuum early.
create table messaging.outbox (
  seq               bigint         not null generated always as identity constraint outbox_pkey primary key,
  id                uuid           not null,
  aggregate_type    text           not null,
  aggregate_id      text           not null,
  aggregate_version integer        not null check (aggregate_version >= 0),
  type              text           not null,
  data              jsonb          not null,
  context           jsonb          not null default '{}',
  occurred_at       timestamptz(3) not null default now(),
  attempts          integer        not null default 0
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- Everything that was ever published, in one sequence without gaps: the archive from which a late consumer is fed.
create table messaging.event_log (
  position          bigint         not null,
  published_at      timestamptz(3) not null default now(),
  id                uuid           not null,
  aggregate_type    text           not null,
  aggregate_id      text           not null,
  aggregate_version integer        not null,
  type              text           not null,
  data              jsonb          not null,
  context           jsonb          not null,
  occurred_at       timestamptz(3) not null,
  constraint event_log_pkey primary key (position, published_at)
) partition by range (published_at);

create index event_log_id_idx on messaging.event_log (id);
create index event_log_aggregate_id_idx on messaging.event_log (aggregate_id, aggregate_version);

-- The last position given out. The relay advances it in the statement that moves the rows: that row lock is what
-- makes positions commit in order.
create table messaging.event_log_head (
  singleton boolean not null default true constraint event_log_head_pkey primary key check (singleton),
  position  bigint  not null
);
insert into messaging.event_log_head (position) values (0);

-- Makes the partitions of this month and of so many after it; answers how many were missing.
create function messaging.ensure_event_log_partitions(months_ahead integer) returns integer
language plpgsql as $$
declare
  month   timestamptz;
  made    integer := 0;
  name    text;
begin
  for step in 0..months_ahead loop
    month := date_trunc('month', now() at time zone 'UTC') at time zone 'UTC';
    month := (month at time zone 'UTC' + make_interval(months => step)) at time zone 'UTC';
    name := 'event_log_' || to_char(month at time zone 'UTC', 'YYYY_MM');
    if to_regclass('messaging.' || name) is null then
      execute format('create table messaging.%I partition of messaging.event_log for values from (%L) to (%L)',
        name, month, (month at time zone 'UTC' + interval '1 month') at time zone 'UTC');
      made := made + 1;
    end if;
  end loop;
  return made;
end $$;

select messaging.ensure_event_log_partitions(3);

-- Which messages a consumer has handled; the row commits with the effect.
create table messaging.inbox (
  consumer   text           not null,
  message_id uuid           not null,
  handled_at timestamptz(3) not null default now(),
  constraint inbox_pkey primary key (consumer, message_id)
);
create index inbox_handled_at_idx on messaging.inbox using brin (handled_at);

-- The newest version of each aggregate that a consumer of state has applied.
create table messaging.seen_versions (
  consumer     text    not null,
  aggregate_id text    not null,
  version      integer not null,
  constraint seen_versions_pkey primary key (consumer, aggregate_id)
);

-- Messages that were handed out again because the process died over them, with no outcome yet.
create table messaging.redeliveries (
  consumer   text           not null,
  message_id uuid           not null,
  count      integer        not null default 1,
  last_at    timestamptz(3) not null default now(),
  constraint redeliveries_pkey primary key (consumer, message_id)
);

-- For ordered consumers: the event that failed and those of its aggregate that wait behind it. The head of an
-- aggregate (lowest sequence, then id) has due_at, or dead_at once nobody will try again by itself.
create table messaging.parked (
  consumer     text           not null,
  message_id   uuid           not null,
  aggregate_id text           not null,
  sequence     integer        not null,
  envelope     jsonb          not null,
  attempts     integer        not null default 0,
  due_at       timestamptz(3) not null default now(),
  dead_at      timestamptz(3),
  reason       text,
  parked_at    timestamptz(3) not null default now(),
  constraint parked_pkey primary key (consumer, message_id)
);
create index parked_aggregate_id_idx on messaging.parked (consumer, aggregate_id, sequence, message_id);

-- What operators did to events by hand.
create table messaging.operations (
  id       bigint         not null generated always as identity constraint operations_pkey primary key,
  at       timestamptz(3) not null default now(),
  operator text           not null,
  action   text           not null,
  details  jsonb          not null
);
