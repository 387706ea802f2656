-- One row, written each minute by the collector: how far a restored copy or a replica reaches, hence the RPO.
CREATE TABLE heartbeat (
  id      SMALLINT    NOT NULL,
  beat_at TIMESTAMPTZ NOT NULL,
  beats   BIGINT      NOT NULL DEFAULT 0,
  CONSTRAINT heartbeat_pkey PRIMARY KEY (id),
  CONSTRAINT heartbeat_id_check CHECK (id = 1)
);

-- Default privileges opened it to app_user, which has no business here.
REVOKE ALL ON heartbeat FROM app_user;
-- INSERT … ON CONFLICT DO UPDATE reads the row that it updates. The only table that metrics_user writes.
GRANT SELECT, INSERT, UPDATE ON heartbeat TO metrics_user;
GRANT SELECT ON heartbeat TO drill_user;
