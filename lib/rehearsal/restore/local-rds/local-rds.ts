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

/** What a LocalRds works with. */
export interface LocalRdsOptions {
  readonly folder: RunFolder;
  readonly cluster: Pick<Cluster, 'addServer'>;
  /** Of the one server that has any: the first of `servers`. */
  readonly backups: AutomatedBackups;
  /** Instances that are there from the start: the source of restores, then others. */
  readonly servers: readonly [KnownServer, ...KnownServer[]];
  /** Settings by the name of the parameter group. Besides there is RDS's default group. */
  readonly parameterGroups: Readonly<Record<string, Settings>>;
}

/** The answer to nothing that went over a network. */
const ANSWERED = { $metadata: {} } as const;

/**
 * Stands in for RDS's API on this machine, as far as restore drills use it. A restore is a real one: PostgreSQL recovers a copy of
 * the base backup with the archived WAL to the moment wanted, as a server of its own with its own port. Statuses, errors and
 * what RDS chooses by itself are RDS's. Not modelled: the time that AWS takes, networks, snapshots, and that an instance
 * which is still being created may refuse to be deleted (unconfirmed).
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

  /** As the SDK's client has it. */
  readonly send = (async (command: { schema?: unknown; input: never }) => {
    // A turn of the event loop, as no answer comes at once; and what is thrown is a rejection.
    await Promise.resolve();
    const action = actionOf(command);
    this.faults.meet(action);
    return this.actions[action](command.input);
  }) as unknown as RDSClient['send'];

  /** Identifiers of all instances that there are, those in deletion too. */
  get identifiers(): string[] {
    return [...this.instances.keys()];
  }

  /** Waits until nothing goes on in the background any more. */
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

  /** What RDS does in the background: it tells of it by the status alone. */
  private async create(instance: LocalInstance, target: Date, settings: Settings): Promise<void> {
    const { server } = instance;
    const { folder, backups } = this.options;
    const become = (change: DBInstance) => {
      // Deleted meanwhile.
      if (instance.description.DBInstanceStatus !== 'deleting') Object.assign(instance.description, change);
    };
    try {
      const archiveReadable = !this.faults.archiveUnreadable;
      await restoreToPointInTime({ folder, backups, server, target, settings, archiveReadable });
      become({ DBInstanceStatus: 'available', Endpoint: { Address: server.host, Port: server.port } });
    } catch {
      // PostgreSQL's reason is in the server's log, as on RDS.
      become({ DBInstanceStatus: 'failed' });
    }
  }

  /** The instance that is named, by itself, its resource or its backups. Only one has any. */
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
    // One that starts is ended by it, and the restore with it.
    await Promise.all([instance.work, instance.server.kill()]);
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
