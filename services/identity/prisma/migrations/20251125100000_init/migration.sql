-- Parts of names are searched by trigram; the extension is trusted, so the owner of a database may create it.
create extension if not exists pg_trgm with schema public;

create function touch_updated_at() returns trigger language plpgsql as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end $$;

create table users (
  id uuid default gen_random_uuid() not null,
  email varchar(255) not null,
  username varchar(50) not null,
  password_hash varchar(255) not null,
  first_name varchar(100),
  last_name varchar(100),
  role varchar(50) default 'student' not null,
  status varchar(20) default 'active' not null,
  email_verified boolean default false not null,
  version integer default 1 not null,
  created_at timestamptz(3) default current_timestamp not null,
  updated_at timestamptz(3) default current_timestamp not null,
  last_login_at timestamptz(3),
  metadata jsonb default '{}' not null,
  constraint users_pkey primary key (id),
  constraint users_email_check check (email = lower(email)),
  constraint users_username_check check (username ~ '^[A-Za-z0-9][A-Za-z0-9._-]{2,49}$'),
  constraint users_role_check check (role in ('student', 'instructor', 'admin')),
  constraint users_status_check check (status in ('active', 'inactive', 'suspended')),
  constraint users_version_check check (version > 0),
  constraint users_metadata_check check (jsonb_typeof(metadata) = 'object')
);

create trigger users_touch_updated_at before update on users for each row execute function touch_updated_at();

-- Uniqueness is the only index that e-mail and username need: look-ups go through it too. Addresses are stored in
-- lower case; a username keeps the case its owner chose.
create unique index users_email_key on users (email);
create unique index users_username_key on users (lower(username));

-- Newest first, with the id as the tie-break of the cursor. An index on role alone would be a prefix of users_role_idx.
create index users_created_at_idx on users (created_at desc, id desc);
create index users_role_idx on users (role, created_at desc, id desc);
-- Nearly everybody is active and is found through the two above; the few who are not are a needle in them.
create index users_status_idx on users (status, created_at desc, id desc) where status <> 'active';

-- A name is no English prose: stemming and stop words lose people called Will or An, and typing "love" must find
-- Lovelace. One trigram index therefore serves the search over both names and the username; a full-text index
-- beside it would be written on every change and read by nobody. The text starts with a blank, so that a word too
-- short for a trigram of its own can be looked up by how a word begins.
create function user_search_text(username text, first_name text, last_name text) returns text
  language sql immutable parallel safe
  return lower(' ' || username || ' ' || coalesce(first_name, '') || ' ' || coalesce(last_name, ''));
create index users_search_idx on users using gin (user_search_text(username, first_name, last_name) gin_trgm_ops);

create table user_profiles (
  user_id uuid not null,
  avatar_url varchar(500),
  bio text,
  learning_preferences jsonb default '{}' not null,
  skill_levels jsonb default '{}' not null,
  achievements jsonb default '[]' not null,
  statistics jsonb default '{}' not null,
  created_at timestamptz(3) default current_timestamp not null,
  updated_at timestamptz(3) default current_timestamp not null,
  constraint user_profiles_pkey primary key (user_id),
  constraint user_profiles_user_id_fkey foreign key (user_id) references users (id) on delete cascade on update cascade,
  constraint user_profiles_bio_check check (char_length(bio) <= 2000),
  constraint user_profiles_learning_preferences_check check (jsonb_typeof(learning_preferences) = 'object'),
  constraint user_profiles_skill_levels_check check (jsonb_typeof(skill_levels) = 'object'),
  constraint user_profiles_achievements_check check (jsonb_typeof(achievements) = 'array'),
  constraint user_profiles_statistics_check check (jsonb_typeof(statistics) = 'object')
);

create trigger user_profiles_touch_updated_at before update on user_profiles
  for each row execute function touch_updated_at();

-- Asked by the sweep of avatars that nobody refers to any more.
create index user_profiles_avatar_url_idx on user_profiles (avatar_url) where avatar_url is not null;

-- No index holds last_used_at or counter, so that a refresh stays a heap-only update.
create table sessions (
  id uuid not null,
  user_id uuid not null,
  counter integer default 0 not null,
  user_agent varchar(255),
  network varchar(45),
  created_at timestamptz(3) default current_timestamp not null,
  last_used_at timestamptz(3) default current_timestamp not null,
  expires_at timestamptz(3) not null,
  revoked_at timestamptz(3),
  revoked_reason varchar(30),
  constraint sessions_pkey primary key (id),
  constraint sessions_user_id_fkey foreign key (user_id) references users (id) on delete cascade on update cascade,
  constraint sessions_counter_check check (counter >= 0),
  constraint sessions_revoked_check check ((revoked_at is null) = (revoked_reason is null)),
  constraint sessions_revoked_reason_check check (revoked_reason in
    ('logout', 'revoked', 'token_reused', 'password_changed', 'password_reset', 'role_changed', 'status_changed'))
);

create index sessions_user_id_idx on sessions (user_id);
create index sessions_expires_at_idx on sessions (expires_at);

-- No foreign key: a revocation must outlive the session and the account.
create table revocations (
  session_id uuid not null,
  user_id uuid not null,
  revoked_at timestamptz(3) default clock_timestamp() not null,
  expires_at timestamptz(3) not null,
  constraint revocations_pkey primary key (session_id)
);

create index revocations_revoked_at_idx on revocations (revoked_at);

create table one_time_tokens (
  id uuid not null,
  user_id uuid not null,
  purpose varchar(30) not null,
  created_at timestamptz(3) default current_timestamp not null,
  expires_at timestamptz(3) not null,
  used_at timestamptz(3),
  constraint one_time_tokens_pkey primary key (id),
  constraint one_time_tokens_user_id_fkey foreign key (user_id) references users (id) on delete cascade on update cascade,
  constraint one_time_tokens_purpose_check check (purpose in ('verify_email', 'reset_password', 'unlock'))
);

create index one_time_tokens_user_id_idx on one_time_tokens (user_id);
create index one_time_tokens_expires_at_idx on one_time_tokens (expires_at);

create table mails (
  id uuid not null,
  user_id uuid not null,
  kind varchar(30) not null,
  token_id uuid,
  attempts integer default 0 not null,
  created_at timestamptz(3) default current_timestamp not null,
  next_attempt_at timestamptz(3) default current_timestamp not null,
  failed_at timestamptz(3),
  last_error varchar(500),
  constraint mails_pkey primary key (id),
  constraint mails_user_id_fkey foreign key (user_id) references users (id) on delete cascade on update cascade,
  constraint mails_token_id_fkey foreign key (token_id) references one_time_tokens (id) on delete cascade on update cascade,
  constraint mails_kind_check check (kind in
    ('verify_email', 'account_exists', 'reset_password', 'invitation', 'unlock', 'password_changed')),
  constraint mails_attempts_check check (attempts >= 0)
);

create unique index mails_token_id_key on mails (token_id);
create index mails_user_id_idx on mails (user_id);
create index mails_next_attempt_at_idx on mails (next_attempt_at);

create table signing_keys (
  kid varchar(43) not null,
  public_jwk jsonb not null,
  private_key bytea not null,
  active_from timestamptz(3) not null,
  created_at timestamptz(3) default current_timestamp not null,
  constraint signing_keys_pkey primary key (kid)
);

create table username_holds (
  username varchar(50) not null,
  expires_at timestamptz(3) not null,
  constraint username_holds_pkey primary key (username),
  constraint username_holds_username_check check (username = lower(username))
);

create index username_holds_expires_at_idx on username_holds (expires_at);
