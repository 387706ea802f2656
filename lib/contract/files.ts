/** Certificates of RDS's authorities in all regions, PEM; beside the code of each function that logs in to a server. */
export const RDS_CA_FILE = 'rds-ca.pem';

/** The collector's queries: a CollectedQuery[] as JSON, made of custom-queries.yaml; beside the collector's code. */
export const COLLECTION_FILE = 'collection.json';

/** Folder of `<name>/migration.sql`, below lambda/ and beside the code of the function that runs them. */
export const MIGRATIONS_FOLDER = 'migrations';
