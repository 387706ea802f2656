-- The size of the database, a row a day, written by the collector: how much a backup has grown since the day before.
CREATE TABLE database_sizes (
  day   DATE   NOT NULL,
  bytes BIGINT NOT NULL,
  CONSTRAINT database_sizes_pkey PRIMARY KEY (day)
);

-- Default privileges opened it to app_user, which has no business here.
REVOKE ALL ON database_sizes FROM app_user;
GRANT SELECT, INSERT ON database_sizes TO metrics_user;

-- How far sequences are used: without this pg_sequences shows metrics_user no last value, and one that runs out would look unused.
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO metrics_user;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON SEQUENCES TO metrics_user;
