import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DBInstance,
  DBInstanceNotFoundFault,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  type RDSClient,
  RestoreDBInstanceToPointInTimeCommand,
  type RestoreDBInstanceToPointInTimeCommandInput as RestoreInput,
  type RestoreDBInstanceToPointInTimeCommandOutput as RestoreOutput,
} from '@aws-sdk/client-rds';
import { connect } from '../../../../lib/contract/database-client';
import type { Cluster } from '../../../../lib/local-postgres/cluster';

/** Calls of RDS that the tests of LocalRds make, and sessions with restored instances. */
export class RestoredInstances {
  /** @param target moment to restore to by default */
  constructor(
    private readonly client: Pick<RDSClient, 'send'>,
    private readonly cluster: Cluster,
    private readonly target: Date,
  ) {}

  /** Restores `main` as `copy`, unless the input says otherwise. */
  restore(more: Partial<RestoreInput> = {}): Promise<RestoreOutput> {
    const input = { SourceDBInstanceIdentifier: 'main', TargetDBInstanceIdentifier: 'copy', BackupRetentionPeriod: 0 };
    const moment = more.UseLatestRestorableTime === undefined ? { RestoreTime: this.target } : {};
    return this.client.send(new RestoreDBInstanceToPointInTimeCommand({ ...input, ...moment, ...more }));
  }

  async describe(id: string): Promise<DBInstance> {
    const { DBInstances } = await this.client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }));
    return DBInstances![0]!;
  }

  remove(id: string) {
    return this.client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: id, SkipFinalSnapshot: true }));
  }

  async removeCompletely(id: string): Promise<void> {
    await this.remove(id);
    await this.untilGone(id);
  }

  /** The statuses that an instance goes through until it is available or failed. */
  async statuses(id: string): Promise<string[]> {
    const seen = [(await this.describe(id)).DBInstanceStatus!];
    while (!['available', 'failed'].includes(seen.at(-1)!)) {
      await sleep(10);
      const { DBInstanceStatus } = await this.describe(id);
      if (DBInstanceStatus !== seen.at(-1)) seen.push(DBInstanceStatus!);
    }
    return seen;
  }

  async untilGone(id: string): Promise<void> {
    for (;;) {
      try {
        await this.describe(id);
        await sleep(10);
      } catch (error) {
        if (error instanceof DBInstanceNotFoundFault) return;
        throw error;
      }
    }
  }

  /** Rows that the master user reads in an instance, at the address that RDS returns. */
  async query(id: string, sql: string): Promise<unknown[]> {
    const { Address: host = '', Port: port = 0 } = (await this.describe(id)).Endpoint!;
    const { master, ca } = this.cluster;
    const session = await connect({ ...master, host, port, database: 'app', ca, applicationName: 'test' });
    try {
      return (await session.query<object>(sql)).rows;
    } finally {
      await session.end();
    }
  }
}
