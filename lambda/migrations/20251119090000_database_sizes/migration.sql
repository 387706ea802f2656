-- The size of the database, one row per day, which the collector writes: it shows how much a backup has grown since the day before.
CREATE TABLE database_sizes (
  day   DATE   NOT NULL,
  bytes BIGINT NOT NULL,
  CONSTRAINT database_sizes_pkey PRIMARY KEY (day)
);

-- The default privileges include app_user, which does not need this table.
REVOKE ALL ON database_sizes FROM app_user;
GRANT SELECT, INSERT ON database_sizes TO metrics_user;

-- Without this, pg_sequences shows metrics_user no last value. Sequences of later migrations are included, in whatever schema.
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO metrics_user;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON SEQUENCES TO metrics_user;
