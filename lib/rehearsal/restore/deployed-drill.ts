import type { createHandler as createDrill } from '../../../lambda/drill';
import type { DrillSettings, DrillSource, RestoreSettings } from '../../../lambda/drill/env';
import type { createHandler as createCheck } from '../../../lambda/drill-check';
import type { Copies } from '../../../lambda/drill-check/env';
import { CHECK_ROLES, type CheckRole } from '../../contract/roles';
import { drillMachineName, type DrillPurpose, recoveryMachineName, TABLE_RECOVERY } from '../../contract/drill/kinds';
import type { CheckStep, DrillInput, DrillState, RecoveryInput, StepEvent } from '../../contract/drill/state';
import type { EnvironmentAssembly, ResourceProperties } from '../../assembly/environment-assembly';
import { setRolePassword } from '../role-password';
import { localParameters } from '../../local-postgres/parameters';
import type { Address, Cluster } from '../../local-postgres/cluster';
import type { Settings } from '../../local-postgres/configuration';
import { type Execution, LocalStateMachine, type PublishedNotification } from './state-machine';
import type { KnownServer } from './local-rds/local-instance';
import type { LocalRds } from './local-rds/local-rds';

/**
 * Milliseconds that a second of the state machine's waits and retries takes here: it polls every 150 ms, on AWS every 30 s. The restore,
 * the sessions and the checks run in real time.
 */
const MS_PER_SECOND = 5;

/** A restored instance that passed the drill's checks. */
export interface ValidatedCopy {
  readonly address: Address;
  /** The deployed check, and the event with which it passed. */
  readonly check: (event: StepEvent<CheckStep>) => Promise<unknown>;
  readonly event: StepEvent<CheckStep>;
}

/** What a run of the drill depends on, apart from the deployed code. */
export interface DrillContext {
  readonly rds: LocalRds;
  /** Called with the restored instance when it passed the drill's checks, before the drill deletes it. Default: nothing. */
  readonly onValidated?: (copy: ValidatedCopy) => Promise<void>;
  /** Seconds that the data adds to the time limit of the state machine, because the restore runs in real time. Default: those of an execution. */
  readonly moreSeconds?: number;
  /** Settings that replace deployed ones, for tests of failures. Default: none. */
  readonly restore?: Partial<RestoreSettings>;
}

/** Result of a run of the drill. */
export interface DrillRun {
  readonly execution: Execution;
  /** The execution's output; undefined where it failed. */
  readonly state: DrillState | undefined;
  readonly notifications: readonly PublishedNotification[];
}

/** The restore drill of an assembly, and the recovery of a table: their state machines and the bundles of their functions. */
export class DeployedDrill {
  private constructor(
    private readonly machines: Readonly<Record<DrillPurpose, LocalStateMachine>>,
    private readonly modules: {
      readonly drill: { createHandler: typeof createDrill };
      readonly check: { createHandler: typeof createCheck };
    },
    private readonly cluster: Cluster,
    private readonly database: string,
    private readonly passwords: ReadonlyMap<CheckRole, string>,
    readonly settings: DrillSettings,
    private readonly assembly: EnvironmentAssembly,
  ) {}

  /** Loads the drill and sets passwords for its roles. Undefined where the environment has no drills. */
  static async load(
    assembly: EnvironmentAssembly,
    cluster: Cluster,
    database: string,
  ): Promise<DeployedDrill | undefined> {
    const [machine] = assembly.ofType('AWS::StepFunctions::StateMachine');
    if (!machine) return undefined;
    const { ENVIRONMENT: environment = '', SOURCE = '', RESTORE = '' } = assembly.variables('drill');
    const settings = {
      environment,
      source: asRdsNames(JSON.parse(SOURCE) as DrillSource),
      restore: JSON.parse(RESTORE) as RestoreSettings,
    };
    const { module: drill } = await assembly.loadFunction<{ createHandler: typeof createDrill }>('drill');
    const { module: check } = await assembly.loadFunction<{ createHandler: typeof createCheck }>('drill-check');
    const passwords = new Map<CheckRole, string>();
    for (const role of CHECK_ROLES) passwords.set(role, await setRolePassword(cluster, role));
    const resources = assembly.ofStack(machine.stack);
    const machines = {
      drill: new LocalStateMachine(resources, drillMachineName(environment)),
      recovery: new LocalStateMachine(resources, recoveryMachineName(environment)),
    };
    return new DeployedDrill(machines, { drill, check }, cluster, database, passwords, settings, assembly);
  }

  /**
   * The servers of the cluster with the identifiers and settings that the templates give them.
   * @throws Error where the drill restores backups from another region, which the rehearsal cannot
   */
  servers(createdAt: Date): [KnownServer, ...KnownServer[]] {
    const { source } = this.settings;
    if (!('instanceId' in source))
      throw new Error('the drill restores backups from another region; the rehearsal can restore an instance only');
    const properties = this.instance(source.instanceId);
    const primary: KnownServer = {
      id: source.instanceId,
      server: this.cluster.primary,
      tags: properties['Tags'] as KnownServer['tags'],
      deletionProtection: properties['DeletionProtection'] === true,
      backupRetentionPeriod: Number(properties['BackupRetentionPeriod']),
      createdAt,
    };
    const replicas = this.cluster.replicas.map((server): KnownServer => ({
      id: server.name,
      server,
      backupRetentionPeriod: 0,
      createdAt,
    }));
    return [primary, ...replicas];
  }

  /** The parameter groups of the templates by logical id, as this machine's PostgreSQL accepts them. */
  parameterGroups(): Record<string, Settings> {
    return Object.fromEntries(
      this.assembly
        .ofType('AWS::RDS::DBParameterGroup')
        .map(({ logicalId, properties }) => [
          logicalId,
          localParameters(properties['Parameters'] as Record<string, string>).applied,
        ]),
    );
  }

  /** Runs a state machine once: with a table the one that recovers it, else the one of the drills. */
  async run(input: DrillInput | RecoveryInput, name: string, context: DrillContext): Promise<DrillRun> {
    const notifications: PublishedNotification[] = [];
    const machine = this.machines['table' in input ? 'recovery' : 'drill'];
    const execution = await machine.run(
      input,
      {
        functions: {
          drill: this.drill(context),
          'drill-check': this.check('drill-check', context),
          [TABLE_RECOVERY]: this.check(TABLE_RECOVERY, context),
        },
        publish: (notification) => {
          notifications.push(notification);
          return Promise.resolve();
        },
      },
      {
        name,
        msPerSecond: MS_PER_SECOND,
        ...(context.moreSeconds !== undefined && { moreSeconds: context.moreSeconds }),
      },
    );
    await context.rds.settled();
    return { execution, state: execution.output as DrillState | undefined, notifications };
  }

  private drill({ rds, restore }: DrillContext) {
    const settings = { ...this.settings, restore: { ...this.settings.restore, ...restore } };
    // The metrics of a drill are not part of the rehearsal; the drill's own tests check them.
    const cloudWatch = { send: () => Promise.resolve({}) };
    return this.modules.drill.createHandler({ settings, rds, cloudWatch, now: () => new Date() });
  }

  private check(name: string, { onValidated }: DrillContext) {
    const { host, port } = this.cluster.primary;
    const { COPIES = 'none' } = this.assembly.variables(name);
    const copies = COPIES === 'none' ? undefined : (JSON.parse(COPIES) as Copies);
    const check = this.modules.check.createHandler({
      settings: { database: this.database, source: { host, port }, copies },
      ca: this.cluster.ca,
      password: (role) => Promise.resolve(this.passwords.get(role) ?? ''),
      now: () => new Date(),
    });
    return async (event: StepEvent<CheckStep>) => {
      const outcome = await check(event);
      const { instance } = event.state;
      if (event.step === 'validate' && instance?.host !== undefined && instance.port !== undefined) {
        await onValidated?.({ address: { host: instance.host, port: instance.port }, check, event });
      }
      return outcome;
    };
  }

  private instance(identifier: string): ResourceProperties {
    const instances = this.assembly.ofType('AWS::RDS::DBInstance');
    const found = instances.find(({ logicalId }) => logicalId.toLowerCase() === identifier);
    if (!found) throw new Error(`the drill restores the instance ${identifier}, which is not in the templates`);
    return found.properties;
  }
}

/** RDS keeps identifiers in lower case; logical ids are in mixed case. */
function asRdsNames(source: DrillSource): DrillSource {
  return 'instanceId' in source ? { instanceId: source.instanceId.toLowerCase() } : source;
}
