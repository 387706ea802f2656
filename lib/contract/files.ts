/** Certificates of the RDS authorities of all regions, PEM. Next to the code of each function that connects to a server. */
export const RDS_CA_FILE = 'rds-ca.pem';

/** The collector's queries: a CollectedQuery[] as JSON, generated from custom-queries.yaml. Next to the collector's code. */
export const COLLECTION_FILE = 'collection.json';

/** Folder of `<name>/migration.sql`, below lambda/ and next to the code of the function that runs them. */
export const MIGRATIONS_FOLDER = 'migrations';
