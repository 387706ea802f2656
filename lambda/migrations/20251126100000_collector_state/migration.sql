-- What the collector keeps from pass to pass, in one row: the last values of counters and fingerprints of every server. So what happens while
-- a new instance of its function starts is counted too, and two instances at once count nothing twice.
CREATE TABLE collector_state (
  id      SMALLINT NOT NULL,
  version BIGINT   NOT NULL,
  state   JSONB    NOT NULL,
  CONSTRAINT collector_state_pkey PRIMARY KEY (id),
  CONSTRAINT collector_state_id_check CHECK (id = 1)
);

-- The default privileges include app_user and recovery_user, which do not need this table.
REVOKE ALL ON collector_state FROM app_user, recovery_user;
-- INSERT … ON CONFLICT DO UPDATE also needs SELECT, because it reads the row that it updates.
GRANT SELECT, INSERT, UPDATE ON collector_state TO metrics_user;
GRANT SELECT ON collector_state TO dba_user;
