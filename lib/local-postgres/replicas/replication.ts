import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from 'pg';
import { takeBaseBackup } from './base-backup';
import { type Settings, writeConfiguration, writeOwned } from '../configuration';
import type { RunFolder } from '../run-folder';
import type { PostgresServer } from '../server';

/** Makes servers of a run replicas, and points them to the server that they follow. */
export class Replication {
  constructor(
    private readonly folder: RunFolder,
    /** Role that replicas log in as. */
    private readonly replicator: { readonly user: string; readonly password: string },
    /** pg_hba.conf of replicas. */
    private readonly access: string,
    /** Settings of replicas. Default: those of every local server. */
    private readonly settings: Settings | undefined,
  ) {}

  /**
   * Makes a server that does not run a replica of another one, from a new base backup. Data that it has is deleted.
   * @param superuser session on the source
   */
  async build(superuser: Client, source: PostgresServer, server: PostgresServer): Promise<void> {
    await this.addSlot(superuser, server);
    rmSync(server.dataFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    await takeBaseBackup(superuser, this.folder, source.dataFolder, server.dataFolder);
    this.point(server, source);
    writeOwned(this.folder, `${server.name}/pg_hba.conf`, this.access);
    writeOwned(this.folder, `${server.name}/standby.signal`, '');
  }

  /** Makes the slot that keeps the WAL which a replica has not received yet; also on a replica that is promoted later. */
  async addSlot(superuser: Client, replica: PostgresServer): Promise<void> {
    await superuser.query('SELECT pg_create_physical_replication_slot($1, true)', [slotName(replica)]);
  }

  /**
   * Writes the configuration of a replica, by which it follows a server from its next start or reload on. In the file and not by ALTER
   * SYSTEM: statements may be logged, and this holds a password.
   * @param source undefined: it follows nobody, so it receives nothing
   */
  point(replica: PostgresServer, source: PostgresServer | undefined): void {
    const standby = source && {
      primary_conninfo: this.conninfo(source, replica),
      primary_slot_name: slotName(replica),
    };
    writeConfiguration(this.folder, replica.name, this.settings, standby);
  }

  private conninfo({ host, port }: PostgresServer, replica: PostgresServer): string {
    const { user, password } = this.replicator;
    const ca = join(this.folder.path, 'ca.crt');
    return `host=${host} port=${port} user=${user} password=${password} sslmode=verify-full sslrootcert=${ca} application_name=${replica.name}`;
  }
}

function slotName(replica: PostgresServer): string {
  return replica.name.replace('-', '_');
}
