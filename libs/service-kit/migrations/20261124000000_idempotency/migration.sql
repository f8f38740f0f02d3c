-- The answers to unsafe requests, each stored in the transaction of its effect, so that a repeat gets the same one.
create table idempotency_keys (
  -- operation and person: the same key of somebody else, or on another route, is another key.
  scope text not null,
  key text not null,
  -- SHA-256 of method, path and body: the same key with another request is refused.
  fingerprint bytea not null,
  status smallint not null,
  headers jsonb not null,
  body jsonb,
  created_at timestamptz not null default now(),
  primary key (scope, key)
);

-- For the hourly removal of what is older than a day.
create index idempotency_keys_created_at on idempotency_keys (created_at);
