-- Every login updates its account. With room left on the page that touches no index; without, it writes into all seven.
alter table users set (fillfactor = 85);
