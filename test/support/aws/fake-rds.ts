import {
  type DBInstance,
  DBInstanceAlreadyExistsFault,
  type DBInstanceAutomatedBackup,
  DBInstanceNotFoundFault,
  DeleteDBInstanceCommand,
  DescribeDBInstanceAutomatedBackupsCommand,
  DescribeDBInstancesCommand,
  InvalidDBInstanceStateFault,
  RestoreDBInstanceToPointInTimeCommand,
  type RestoreDBInstanceToPointInTimeCommandInput,
} from '@aws-sdk/client-rds';

/** A clock that only advance() moves. */
export class Clock {
  constructor(private time: Date) {}

  readonly now = (): Date => new Date(this.time);

  advance(seconds: number): void {
    this.time = new Date(this.time.getTime() + seconds * 1000);
  }
}

type CommandName = 'Restore' | 'Describe' | 'Delete' | 'DescribeBackups';

/** The API's error for too many calls. */
export const THROTTLED = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });

/**
 * The part of RDS's API that the drill uses. Restored instances take the statuses of a script. It rejects the calls that RDS rejects in
 * the same state.
 */
export class FakeRds {
  readonly instances = new Map<string, DBInstance>();
  readonly automatedBackups: DBInstanceAutomatedBackup[] = [];
  /** Inputs of all accepted restores. */
  readonly restores: RestoreDBInstanceToPointInTimeCommandInput[] = [];
  /** Identifiers of all accepted deletions. */
  readonly deleted: string[] = [];
  /** Statuses of a restored instance, one for each description; the last one stays. */
  statuses: string[] = ['creating', 'backing-up', 'available'];
  /** How often a deleted instance is still described before it is gone. */
  goesAfter = 2;
  private readonly faults: { command: CommandName; error: Error; times: number }[] = [];

  constructor(
    private readonly clock: Clock,
    /** Endpoint of every restored instance. */
    private readonly endpoint: { readonly host: string; readonly port: number },
  ) {}

  /** Lets the next calls of a command fail. */
  fail(command: CommandName, error: Error, times = 1): void {
    this.faults.push({ command, error, times });
  }

  add(instance: DBInstance): void {
    this.instances.set(instance.DBInstanceIdentifier ?? '', instance);
  }

  /** In place of the SDK client's send. */
  readonly send = async (command: unknown): Promise<never> => {
    // A real call never resolves in the same tick.
    await Promise.resolve();
    return this.answer(command) as never;
  };

  private answer(command: unknown): object {
    if (command instanceof RestoreDBInstanceToPointInTimeCommand) return this.restore(command.input);
    if (command instanceof DescribeDBInstancesCommand) return this.describe(command.input.DBInstanceIdentifier);
    if (command instanceof DeleteDBInstanceCommand) return this.delete(command.input.DBInstanceIdentifier ?? '');
    if (command instanceof DescribeDBInstanceAutomatedBackupsCommand) {
      this.meetFault('DescribeBackups');
      const { DbiResourceId } = command.input;
      return {
        DBInstanceAutomatedBackups: this.automatedBackups.filter((each) => each.DbiResourceId === DbiResourceId),
      };
    }
    throw new Error(`no drill sends this command: ${(command as object).constructor.name}`);
  }

  private restore(input: RestoreDBInstanceToPointInTimeCommandInput): object {
    this.meetFault('Restore');
    const id = input.TargetDBInstanceIdentifier ?? '';
    if (this.instances.has(id)) throw new DBInstanceAlreadyExistsFault({ message: `${id} exists`, $metadata: {} });
    this.restores.push(input);
    this.add({
      DBInstanceIdentifier: id,
      DBInstanceArn: `arn:aws:rds:us-east-1:111111111111:db:${id}`,
      DBInstanceStatus: this.statuses[0],
      TagList: input.Tags,
      InstanceCreateTime: this.clock.now(),
    });
    return {};
  }

  private describe(id: string | undefined): object {
    this.meetFault('Describe');
    if (id === undefined) return { DBInstances: [...this.instances.values()] };
    const instance = this.instances.get(id);
    if (!instance) throw notFound(id);
    const answer = { ...instance };
    this.moveOn(instance);
    return { DBInstances: [answer] };
  }

  /** Advances the clock, and a restored instance to its next status. */
  private moveOn(instance: DBInstance): void {
    this.clock.advance(30);
    const restored = this.restores.some(
      ({ TargetDBInstanceIdentifier }) => TargetDBInstanceIdentifier === instance.DBInstanceIdentifier,
    );
    if (!restored) return;
    if (instance.DBInstanceStatus === 'deleting') {
      if (this.goesAfter-- <= 0) this.instances.delete(instance.DBInstanceIdentifier ?? '');
      return;
    }
    if (this.statuses.length > 1) this.statuses.shift();
    instance.DBInstanceStatus = this.statuses[0];
    if (instance.DBInstanceStatus !== 'creating') {
      instance.Endpoint = { Address: this.endpoint.host, Port: this.endpoint.port };
    }
  }

  private delete(id: string): object {
    this.meetFault('Delete');
    const instance = this.instances.get(id);
    if (!instance) throw notFound(id);
    if (instance.DBInstanceStatus === 'deleting') {
      throw new InvalidDBInstanceStateFault({ message: `${id} is being deleted`, $metadata: {} });
    }
    this.deleted.push(id);
    instance.DBInstanceStatus = 'deleting';
    if (!this.restores.some((each) => each.TargetDBInstanceIdentifier === id)) this.instances.delete(id);
    return {};
  }

  private meetFault(command: CommandName): void {
    const fault = this.faults.find((each) => each.command === command && each.times > 0);
    if (!fault) return;
    fault.times -= 1;
    throw fault.error;
  }
}

function notFound(id: string): Error {
  return new DBInstanceNotFoundFault({ message: `DBInstance ${id} not found.`, $metadata: {} });
}
