import type {
  DBInstance,
  DeleteDBInstanceCommandInput,
  DeleteDBInstanceCommandOutput,
  DescribeDBInstanceAutomatedBackupsCommandInput,
  DescribeDBInstanceAutomatedBackupsCommandOutput,
  DescribeDBInstancesCommandInput,
  DescribeDBInstancesCommandOutput,
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  RDSClient,
  RestoreDBInstanceToPointInTimeCommandInput as RestoreInput,
  RestoreDBInstanceToPointInTimeCommandOutput as RestoreOutput,
} from '@aws-sdk/client-rds';
import type { Cluster } from '../../../local-postgres/cluster';
import type { Settings } from '../../../local-postgres/configuration';
import type { RunFolder } from '../../../local-postgres/run-folder';
import type { AutomatedBackups } from './automated-backups';
import {
  automatedBackupsArn,
  checkedIdentifier,
  DEFAULT_PARAMETER_GROUP,
  describedBackups,
  type KnownServer,
  knownInstance,
  type LocalInstance,
  restoredDescription,
} from './local-instance';
import { removeServer, restoreToPointInTime } from './point-in-time';
import { rdsErrors } from './rds-errors';
import { actionOf, type RdsAction } from './rds-actions';
import { RdsFaults } from './rds-faults';

/** Options of a LocalRds. */
export interface LocalRdsOptions {
  readonly folder: RunFolder;
  readonly cluster: Pick<Cluster, 'addServer'>;
  /** Automated backups of the first of `servers`; the others have none. */
  readonly backups: AutomatedBackups;
  /** Instances that exist from the start: the source of restores, then others. */
  readonly servers: readonly [KnownServer, ...KnownServer[]];
  /** Settings by the name of the parameter group. RDS's default group, without settings, exists in addition. */
  readonly parameterGroups: Readonly<Record<string, Settings>>;
}

/** Metadata of an answer that came without a network. */
const ANSWERED = { $metadata: {} } as const;

/**
 * Stands in for RDS's API on this machine, as far as restore drills use it. Restores are real: PostgreSQL recovers a copy of the base
 * backup with the archived WAL to the requested moment, as a new server on another port. Statuses, errors and defaults are those of RDS.
 * Not modelled: the time that AWS takes, networks, snapshots, and that RDS may refuse to delete an instance which is still being created
 * (unconfirmed).
 */
export class LocalRds {
  readonly faults = new RdsFaults();
  private readonly instances = new Map<string, LocalInstance>();
  private readonly actions: Record<RdsAction, (input: never) => object> = {
    RestoreDBInstanceToPointInTime: (input: RestoreInput) => this.restore(input),
    DescribeDBInstances: (input: DescribeDBInstancesCommandInput) => this.describe(input),
    DeleteDBInstance: (input: DeleteDBInstanceCommandInput) => this.delete(input),
    ListTagsForResource: (input: ListTagsForResourceCommandInput) => this.listTags(input),
    DescribeDBInstanceAutomatedBackups: (input: DescribeDBInstanceAutomatedBackupsCommandInput) =>
      this.describeBackups(input),
  };

  constructor(private readonly options: LocalRdsOptions) {
    for (const known of options.servers) this.instances.set(known.id, knownInstance(known));
  }

  /** Takes the place of the SDK client's method. */
  readonly send = (async (command: { schema?: unknown; input: never }) => {
    // No answer comes in the same turn of the event loop, and every error becomes a rejection.
    await Promise.resolve();
    const action = actionOf(command);
    this.faults.throwInjected(action);
    return this.actions[action](command.input);
  }) as unknown as RDSClient['send'];

  /** Identifiers of all instances, including those that are being deleted. */
  get identifiers(): string[] {
    return [...this.instances.keys()];
  }

  /** Waits until all background work is done. */
  async settled(): Promise<void> {
    await Promise.all([...this.instances.values()].map(({ work }) => work));
  }

  private restore(input: RestoreInput): RestoreOutput {
    const id = checkedIdentifier(input.TargetDBInstanceIdentifier);
    if (this.instances.has(id)) throw rdsErrors.alreadyExists(id);
    const source = this.sourceOf(input);
    const group = input.DBParameterGroupName ?? DEFAULT_PARAMETER_GROUP;
    const settings = this.options.parameterGroups[group] ?? (group === DEFAULT_PARAMETER_GROUP ? {} : undefined);
    if (!settings) throw rdsErrors.noParameterGroup(group);
    const target = this.targetOf(input);
    const server = this.options.cluster.addServer(`restored-${id}`);
    const instance: LocalInstance = {
      server,
      description: restoredDescription(id, source, input, new Date()),
      work: Promise.resolve(),
    };
    this.instances.set(id, instance);
    if (!this.faults.neverAvailable) instance.work = this.create(instance, target, settings);
    return { ...ANSWERED, DBInstance: { ...instance.description } };
  }

  /** The background part of a restore. Callers of RDS see only the status change. */
  private async create(instance: LocalInstance, target: Date, settings: Settings): Promise<void> {
    const { server } = instance;
    const { folder, backups } = this.options;
    const become = (change: DBInstance) => {
      // An instance that is being deleted keeps its status.
      if (instance.description.DBInstanceStatus !== 'deleting') Object.assign(instance.description, change);
    };
    try {
      const archiveReadable = !this.faults.archiveUnreadable;
      await restoreToPointInTime({ folder, backups, server, target, settings, archiveReadable });
      become({ DBInstanceStatus: 'available', Endpoint: { Address: server.host, Port: server.port } });
    } catch {
      // As on RDS, the reason is only in the server's log.
      become({ DBInstanceStatus: 'failed' });
    }
  }

  /** The source that a request names by identifier, resource id or backups. Only the first server has backups. */
  private sourceOf(input: RestoreInput): DBInstance {
    const [{ id: backedUp }] = this.options.servers;
    const { description: first } = this.find(backedUp);
    const isFirst =
      input.SourceDBInstanceAutomatedBackupsArn === automatedBackupsArn(backedUp) ||
      (input.SourceDbiResourceId !== undefined && input.SourceDbiResourceId === first.DbiResourceId);
    const { description } = isFirst ? { description: first } : this.find(input.SourceDBInstanceIdentifier);
    if (description !== first || !first.BackupRetentionPeriod) {
      throw rdsErrors.noBackups(String(description.DBInstanceIdentifier));
    }
    return first;
  }

  private targetOf({ RestoreTime, UseLatestRestorableTime }: RestoreInput): Date {
    if ((RestoreTime === undefined) === (UseLatestRestorableTime !== true)) {
      throw rdsErrors.invalidCombination('Specify either RestoreTime or UseLatestRestorableTime.');
    }
    const { earliestRestorableTime: earliest } = this.options.backups;
    const latest = this.options.backups.latestRestorableTime();
    const target = RestoreTime ?? latest;
    if (target < earliest || target > latest) {
      throw rdsErrors.invalidValue(
        `The restore time ${target.toISOString()} is not between ${earliest.toISOString()} and ${latest.toISOString()}.`,
      );
    }
    return target;
  }

  private describe({ DBInstanceIdentifier: id }: DescribeDBInstancesCommandInput): DescribeDBInstancesCommandOutput {
    const found = id === undefined ? [...this.instances.values()] : [this.find(id)];
    const [{ id: backedUp }] = this.options.servers;
    return {
      ...ANSWERED,
      DBInstances: found.map(({ description }) => ({
        ...description,
        ...(description.DBInstanceIdentifier === backedUp
          ? { LatestRestorableTime: this.options.backups.latestRestorableTime() }
          : {}),
      })),
    };
  }

  private delete(input: DeleteDBInstanceCommandInput): DeleteDBInstanceCommandOutput {
    const instance = this.find(input.DBInstanceIdentifier);
    const { description } = instance;
    const id = description.DBInstanceIdentifier ?? '';
    if (description.DeletionProtection) {
      throw rdsErrors.invalidCombination(
        'Cannot delete protected DB Instance, please disable deletion protection and try again.',
      );
    }
    if (description.DBInstanceStatus === 'deleting') {
      throw rdsErrors.invalidState(`Instance ${id} is already being deleted.`);
    }
    if (input.SkipFinalSnapshot !== true) {
      throw rdsErrors.invalidCombination(
        'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified; there are no snapshots on this machine.',
      );
    }
    description.DBInstanceStatus = 'deleting';
    instance.work = this.remove(id, instance);
    return { ...ANSWERED, DBInstance: { ...description } };
  }

  private async remove(id: string, instance: LocalInstance): Promise<void> {
    // This also ends a server that is starting, and with it the restore.
    await Promise.all([instance.work, instance.server.quit()]);
    await removeServer(instance.server);
    this.instances.delete(id);
  }

  private listTags({ ResourceName }: ListTagsForResourceCommandInput): ListTagsForResourceCommandOutput {
    const found = [...this.instances.values()].find(({ description }) => description.DBInstanceArn === ResourceName);
    if (!found) throw rdsErrors.notFound(String(ResourceName));
    return { ...ANSWERED, TagList: found.description.TagList };
  }

  private describeBackups(
    input: DescribeDBInstanceAutomatedBackupsCommandInput,
  ): DescribeDBInstanceAutomatedBackupsCommandOutput {
    const [{ id }] = this.options.servers;
    const { earliestRestorableTime: EarliestTime } = this.options.backups;
    const LatestTime = this.options.backups.latestRestorableTime();
    const backup = describedBackups(this.find(id).description, { EarliestTime, LatestTime });
    const matches = (['DbiResourceId', 'DBInstanceIdentifier', 'DBInstanceAutomatedBackupsArn'] as const).every(
      (name) => input[name] === undefined || input[name] === backup[name],
    );
    return { ...ANSWERED, DBInstanceAutomatedBackups: matches ? [backup] : [] };
  }

  private find(id: string | undefined): LocalInstance {
    const instance = this.instances.get((id ?? '').toLowerCase());
    if (!instance) throw rdsErrors.notFound(String(id));
    return instance;
  }
}
