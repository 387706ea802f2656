-- One row, which the collector writes each minute: it shows how far the data of a restored database or a replica reaches, which gives
-- the recovery point.
CREATE TABLE heartbeat (
  id      SMALLINT    NOT NULL,
  beat_at TIMESTAMPTZ NOT NULL,
  beats   BIGINT      NOT NULL DEFAULT 0,
  CONSTRAINT heartbeat_pkey PRIMARY KEY (id),
  CONSTRAINT heartbeat_id_check CHECK (id = 1)
);

-- The default privileges include app_user, which does not need this table.
REVOKE ALL ON heartbeat FROM app_user;
-- INSERT … ON CONFLICT DO UPDATE also needs SELECT, because it reads the row that it updates.
GRANT SELECT, INSERT, UPDATE ON heartbeat TO metrics_user;
GRANT SELECT ON heartbeat TO drill_user;
