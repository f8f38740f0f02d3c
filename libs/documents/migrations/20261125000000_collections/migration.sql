-- One row per collection, beside the table of its own; a definition that no longer fits is refused at start.
create table documents.collections (
  name text primary key,
  definition jsonb not null,
  created_at timestamptz not null default now()
);
