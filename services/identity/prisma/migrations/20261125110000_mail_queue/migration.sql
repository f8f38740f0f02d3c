-- The worker looks every second: what was given up, and is kept for a week, must not lie in its way.
drop index mails_next_attempt_at_idx;
create index mails_next_attempt_at_idx on mails (next_attempt_at) where failed_at is null;
create index mails_failed_at_idx on mails (failed_at) where failed_at is not null;
