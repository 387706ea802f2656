-- What is usual for a salon, which the collector records once a day: the most bookings at the same time, and the longest booking. The
-- schema has no chairs, so only what was usual tells whether overlapping bookings are too many.
CREATE TABLE salon_capacities (
  salon_id        TEXT    NOT NULL,
  parallel        INTEGER NOT NULL,
  longest_seconds INTEGER NOT NULL,
  day             DATE    NOT NULL,
  CONSTRAINT salon_capacities_pkey PRIMARY KEY (salon_id)
);

-- The default privileges include app_user and recovery_user, which do not need this table.
REVOKE ALL ON salon_capacities FROM app_user, recovery_user;
-- INSERT … ON CONFLICT DO UPDATE also needs SELECT, because it reads the row that it updates.
GRANT SELECT, INSERT, UPDATE ON salon_capacities TO metrics_user;
GRANT SELECT ON salon_capacities TO dba_user;
