import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Login } from '../../../lib/local-postgres/cluster';
import { MASTER } from '../database/cluster-seed';
import type { MigrationServer } from '../database/migration-server';
import { Checkout } from './checkout';

/** This repository as Prisma sees it: its prisma.config.ts, schema.prisma and migrations, and the address of a database. */
export class PrismaProject extends Checkout {
  constructor(
    private readonly server: MigrationServer,
    private readonly database: string,
  ) {
    super(['prisma.config.ts', 'lambda/migrations'], ['node_modules', 'lib'], () => ({
      DATABASE_URL: this.url(),
      DIRECT_DATABASE_URL: this.url(),
    }));
    writeFileSync(join(this.folder, 'bundle.pem'), server.cluster.ca);
  }

  /** An address as `psql` takes it, with verified TLS. */
  url({ user, password }: Login = MASTER): string {
    const { host, port } = this.server.cluster.primary;
    return `postgresql://${user}:${encodeURIComponent(password)}@${host}:${port}/${this.database}?sslmode=verify-full&sslrootcert=${this.folder}/bundle.pem`;
  }
}
