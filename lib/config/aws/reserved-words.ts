/** Databases that exist in every PostgreSQL server, and the one in which RDS keeps its own objects. */
const EXISTING_DATABASES = ['postgres', 'template0', 'template1', 'rdsadmin'];

/**
 * Words that PostgreSQL takes as a name only in quotation marks (PostgreSQL 15, "Appendix C. SQL Key Words", those that are reserved).
 * RDS refuses a database with a word that is "reserved by the database engine" (API Reference, CreateDBInstance, DBName).
 */
const KEY_WORDS =
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation
  column concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp
  current_user default deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike
  in initially inner intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null
  offset on only or order outer overlaps placing primary references returning right select session_user similar some symmetric table
  tablesample then to trailing true union unique user using variadic verbose when where window with`.split(/\s+/);

/** Names that a database of the application must not have. */
export const RESERVED_DATABASE_NAMES: readonly string[] = [...EXISTING_DATABASES, ...KEY_WORDS];
