import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { Client, type ClientConfig, type FieldDef, type PoolConfig } from 'pg';

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;

/**
 * Ids of the catalogs' types that adapter-pg refuses, and of those that it reads in their place: name as text, name[] as text[], "char" as
 * uuid, which the catalogs do not have, so that mend can tell it from text.
 */
const READ_AS: Readonly<Record<number, number>> = { 18: 2950, 19: 25, 1003: 1009 };
/** Of Prisma's ColumnTypeEnum. */
const [CHARACTER, UUID] = [6, 15] as const;

/** A session whose results have only types that adapter-pg can read. */
class CatalogClient extends Client {
  constructor(config?: ClientConfig) {
    super(config);
    this.connection.on('rowDescription', ({ fields }: { fields: FieldDef[] }) => {
      for (const field of fields) field.dataTypeID = READ_AS[field.dataTypeID] ?? field.dataTypeID;
    });
  }
}

/**
 * Lets Prisma's schema engine work through `pg`, so that no native engine is downloaded. It replaces what @prisma/adapter-pg 6.19.3 does
 * wrongly there; `test/lambda/migrate/prisma/adapter.test.ts` shows each, and fails when a later version does it right:
 * - the type `name` of the catalogs is refused, so that most commands fail (https://github.com/prisma/orm/issues/27403)
 * - a script is split at each `;`, also in comments, literals and the bodies of functions
 * - the shadow database is dropped while it is still in use; with a `connectionString` it is the database itself
 */
export class SchemaEngineAdapter extends PrismaPg {
  private readonly login: ClientConfig;

  /**
   * @param url such as `postgresql://user:password@host:5432/database?sslmode=verify-full&sslrootcert=/path/to/bundle.pem`
   * @throws Error when it is missing
   */
  constructor(url: string | undefined) {
    if (!url) throw new Error('DIRECT_DATABASE_URL is not set; it is the address of the primary, never of the proxy');
    const login = readLogin(url);
    super(withCatalogs(login));
    this.login = login;
  }

  override async connect(): Promise<Adapter> {
    return mend(await super.connect());
  }

  override async connectToShadowDb(): Promise<Adapter> {
    const database = `prisma_migrate_shadow_db_${randomUUID()}`;
    const owner = await this.connect();
    await owner.executeScript(`CREATE DATABASE "${database}"`);
    const shadow = mend(await new PrismaPg(withCatalogs({ ...this.login, database })).connect());
    const close = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await close();
      await owner.executeScript(`DROP DATABASE "${database}"`);
      await owner.dispose();
    };
    return shadow;
  }
}

/** The parts of an address, because a pool prefers the database of a `connectionString` to any other. */
function readLogin(url: string): ClientConfig {
  const { host, port, database, user, password, ssl } = new Client({ connectionString: url });
  return { host, port, database, user, password: password ?? undefined, ssl };
}

/** One session, which has the lock and does the work, and does not keep the process alive. */
function withCatalogs(login: ClientConfig): ClientConfig {
  const pool: PoolConfig = { ...login, max: 1, idleTimeoutMillis: 0, allowExitOnIdle: true, Client: CatalogClient };
  return pool;
}

/** Scripts as the native engine sends them: one simple query, whose statements are one transaction unless the script says otherwise. */
function mend(adapter: Adapter): Adapter {
  adapter.executeScript = async (script) => {
    await adapter.executeRaw({ sql: script, args: [], argTypes: [] });
  };
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    return { ...result, columnTypes: result.columnTypes.map((type) => (type === UUID ? CHARACTER : type)) };
  };
  return adapter;
}
