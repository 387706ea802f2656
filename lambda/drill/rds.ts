import {
  type DBInstance,
  DeleteDBInstanceCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  type RDSClient,
  RestoreDBInstanceToPointInTimeCommand,
  type RestoreDBInstanceToPointInTimeCommandInput,
} from '@aws-sdk/client-rds';
import { StepError } from '../../lib/contract/drill/state';
import { nameAndMessage } from '../shared/errors';
import type { DrillSource } from './env';
import type { Restorable } from './target';

/** RDS as the drill calls it: the SDK's client, or a stand-in that restores on the local machine. */
export type DrillRds = Pick<RDSClient, 'send'>;

/** The calls of the drill. Throttling and faults of AWS are thrown as StepError Transient. */
export class Rds {
  private readonly client: RDSClient;

  constructor(client: DrillRds) {
    // Only `send` of the class is used.
    this.client = client as RDSClient;
  }

  /** An instance by its identifier; undefined when it does not exist. */
  async find(instanceId: string): Promise<DBInstance | undefined> {
    try {
      const { DBInstances = [] } = await this.send(() =>
        this.client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: instanceId })),
      );
      return DBInstances[0];
    } catch (error) {
      if (isNamed(error, 'DBInstanceNotFoundFault')) return undefined;
      throw error;
    }
  }

  /** All instances of this account and region. */
  async all(): Promise<DBInstance[]> {
    const instances: DBInstance[] = [];
    let Marker: string | undefined;
    do {
      const page = await this.send(() => this.client.send(new DescribeDBInstancesCommand({ Marker })));
      instances.push(...(page.DBInstances ?? []));
      Marker = page.Marker;
    } while (Marker);
    return instances;
  }

  async restore(input: RestoreDBInstanceToPointInTimeCommandInput): Promise<void> {
    await this.send(() => this.client.send(new RestoreDBInstanceToPointInTimeCommand(input)));
  }

  async delete(instanceId: string): Promise<void> {
    await this.send(() =>
      this.client.send(
        new DeleteDBInstanceCommand({
          DBInstanceIdentifier: instanceId,
          SkipFinalSnapshot: true,
          DeleteAutomatedBackups: true,
        }),
      ),
    );
  }

  /**
   * The time span to which the source can be restored.
   * @throws StepError NotRestorable with a sentence when it cannot be restored
   */
  async restorable(source: DrillSource): Promise<Restorable> {
    return 'instanceId' in source
      ? this.restorableInstance(source.instanceId)
      : this.restorableBackups(source.resourceId);
  }

  private async restorableInstance(instanceId: string): Promise<Restorable> {
    const instance = await this.find(instanceId);
    if (!instance) throw new StepError('NotRestorable', `the source ${instanceId} does not exist`);
    const { LatestRestorableTime: latest, InstanceCreateTime: created, BackupRetentionPeriod: days = 0 } = instance;
    if (!latest || days === 0) {
      throw new StepError(
        'NotRestorable',
        `${instanceId} has no recovery point: its automated backups are off, or the first one is not finished`,
      );
    }
    const kept = latest.getTime() - days * 86_400_000;
    return { source: { instanceId }, earliest: new Date(Math.max(kept, created?.getTime() ?? kept)), latest };
  }

  private async restorableBackups(resourceId: string): Promise<Restorable> {
    const { DBInstanceAutomatedBackups = [] } = await this.send(() =>
      this.client.send(new DescribeDBInstanceAutomatedBackupsCommand({ DbiResourceId: resourceId })),
    );
    const [backups] = DBInstanceAutomatedBackups;
    const { DBInstanceAutomatedBackupsArn: automatedBackupsArn, RestoreWindow } = backups ?? {};
    const { EarliestTime: earliest, LatestTime: latest } = RestoreWindow ?? {};
    if (!automatedBackupsArn || !earliest || !latest) {
      throw new StepError(
        'NotRestorable',
        `this region has no replicated backups of ${resourceId}, or none that can be restored yet`,
      );
    }
    return { source: { automatedBackupsArn }, earliest, latest };
  }

  private async send<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (isTransient(error)) throw new StepError('Transient', nameAndMessage(error), { cause: error });
      throw error;
    }
  }
}

/** Whether an error is the API's error of that name. Not by its class, because a stand-in's error comes from another copy of the SDK. */
export function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

/** Whether the same call may succeed later. */
function isTransient(error: unknown): boolean {
  const { name = '', $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  return (
    /throttl|RequestLimitExceeded|TooManyRequests|Timeout|ECONN|ServiceUnavailable|InternalFailure/i.test(name) ||
    ($metadata?.httpStatusCode ?? 0) >= 500
  );
}
