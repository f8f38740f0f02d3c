-- The migrations of collections that were applied: files of the service, which may not be edited afterwards.
create table documents.migrations (
  name text primary key,
  checksum text not null,
  applied_at timestamptz not null default now()
);
