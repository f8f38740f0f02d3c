create function touch_updated_at() returns trigger language plpgsql as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end $$;

create table sample_items (
  id uuid default gen_random_uuid() not null,
  owner_id uuid not null,
  title varchar(100) not null,
  version integer default 1 not null,
  created_at timestamptz(3) default current_timestamp not null,
  updated_at timestamptz(3) default current_timestamp not null,
  constraint sample_items_pkey primary key (id),
  constraint sample_items_title_check check (length(title) >= 1),
  constraint sample_items_version_check check (version > 0)
);
create trigger sample_items_touch_updated_at before update on sample_items
  for each row execute function touch_updated_at();
create index sample_items_owner_id_idx on sample_items (owner_id, id desc);

-- Fed by identity's events. No foreign key leads here: what somebody owns can be made before the event arrives.
create table people (
  id uuid not null,
  username varchar(50) not null,
  created_at timestamptz(3) default current_timestamp not null,
  updated_at timestamptz(3) default current_timestamp not null,
  constraint people_pkey primary key (id)
);
create trigger people_touch_updated_at before update on people
  for each row execute function touch_updated_at();
