import type { createHandler as createDrill } from '../../../lambda/drill';
import type { DrillSettings, DrillSource, RestoreSettings } from '../../../lambda/drill/env';
import type { createHandler as createCheck } from '../../../lambda/drill-check';
import { CHECK_ROLES, type CheckRole } from '../../contract/roles';
import type { DrillInput, DrillState, StepEvent } from '../../contract/drill-state';
import type { EnvironmentAssembly, ResourceProperties } from '../../assembly/environment-assembly';
import { setRolePassword } from '../role-password';
import { localParameters } from '../../local-postgres/parameters';
import type { Address, Cluster } from '../../local-postgres/cluster';
import type { Settings } from '../../local-postgres/configuration';
import { type Execution, LocalStateMachine, type PublishedNotification } from './state-machine';
import type { KnownServer } from './local-rds/local-instance';
import type { LocalRds } from './local-rds/local-rds';

/**
 * How long a second of the state machine's waits and retries takes here, ms: it asks every 150 ms where on AWS it asks every 30 s.
 * The restore itself, the sessions and the checks take the time that they take.
 */
const MS_PER_SECOND = 5;

/** What a drill needs besides what is deployed. */
export interface DrillContext {
  readonly rds: LocalRds;
  /** Called with each copy that passed the drill's own checks, before the drill goes on and deletes it. Default: nothing. */
  readonly onValidated?: (copy: Address) => Promise<void>;
  /** What is otherwise than deployed, for tests of what goes wrong. Default: nothing. */
  readonly restore?: Partial<RestoreSettings>;
}

/** How a drill ended. */
export interface DrillRun {
  readonly execution: Execution;
  /** What the execution knew at its end; undefined where it failed. */
  readonly state: DrillState | undefined;
  readonly notices: readonly PublishedNotification[];
}

/** The restore drill of an assembly: its state machine and the bundles of its functions. */
export class DeployedDrill {
  private constructor(
    private readonly machine: LocalStateMachine,
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

  /** Loads the drill, and lets its roles log in with passwords. Undefined where the environment has none. */
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
    const localMachine = new LocalStateMachine(assembly.ofStack(machine.stack));
    return new DeployedDrill(localMachine, { drill, check }, cluster, database, passwords, settings, assembly);
  }

  /** The servers as RDS would describe them: with the identifiers and settings of the templates. */
  servers(createdAt: Date): [KnownServer, ...KnownServer[]] {
    const { source } = this.settings;
    if (!('instanceId' in source)) throw new Error('the drill restores from another region');
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

  /** Every parameter group of the templates, as this machine's PostgreSQL takes it, by its logical id. */
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

  /** Runs the state machine once. */
  async run(input: DrillInput, name: string, context: DrillContext): Promise<DrillRun> {
    const notices: PublishedNotification[] = [];
    const execution = await this.machine.run(
      input,
      {
        functions: { drill: this.drill(context), 'drill-check': this.check(context) },
        publish: (notice) => {
          notices.push(notice);
          return Promise.resolve();
        },
      },
      { name, msPerSecond: MS_PER_SECOND },
    );
    await context.rds.settled();
    return { execution, state: execution.output as DrillState | undefined, notices };
  }

  private drill({ rds, restore }: DrillContext) {
    const settings = { ...this.settings, restore: { ...this.settings.restore, ...restore } };
    // What it publishes, its alarms and the drill's own tests are about.
    const cloudWatch = { send: () => Promise.resolve({}) };
    return this.modules.drill.createHandler({ settings, rds, cloudWatch, now: () => new Date() });
  }

  private check({ onValidated }: DrillContext) {
    const { host, port } = this.cluster.primary;
    const check = this.modules.check.createHandler({
      settings: { database: this.database, source: { host, port } },
      ca: this.cluster.ca,
      password: (role) => Promise.resolve(this.passwords.get(role) ?? ''),
      now: () => new Date(),
    });
    return async (event: StepEvent<'connect' | 'validate' | 'recover'>) => {
      const outcome = await check(event);
      const { host: copyHost, port: copyPort } = event.state.instance ?? {};
      if (event.step === 'validate' && copyHost !== undefined && copyPort !== undefined) {
        await onValidated?.({ host: copyHost, port: copyPort });
      }
      return outcome;
    };
  }

  private instance(identifier: string): ResourceProperties {
    const instances = this.assembly.ofType('AWS::RDS::DBInstance');
    const found = instances.find(({ logicalId }) => logicalId.toLowerCase() === identifier);
    if (!found) throw new Error(`the templates have no instance ${identifier}, which the drill restores`);
    return found.properties;
  }
}

/** RDS keeps identifiers in lower case, logical ids are not. */
function asRdsNames(source: DrillSource): DrillSource {
  return 'instanceId' in source ? { instanceId: source.instanceId.toLowerCase() } : source;
}
