import type { createHandler as createCare } from '../../../lambda/care';
import type { CaredEnvironment, CareSettings } from '../../../lambda/care/env';
import type { createHandler as createDatabase } from '../../../lambda/care-database';
import type { SalonLimit } from '../../../lambda/care-database/env';
import type { EnvironmentAssembly } from '../../assembly/environment-assembly';
import type { CareJob } from '../../contract/care/jobs';
import type { Section } from '../../contract/care/section';
import { CARE_USER } from '../../contract/roles';
import type { Cluster } from '../../local-postgres/cluster';
import { setRolePassword } from '../role-password';
import { SampleAws, type SampleFacts } from './sample-aws';

/** What a run of a job did. */
export interface CareRun {
  readonly job: CareJob;
  /** The parts of its notification that the work on the database made, and the others. */
  readonly databaseSections: readonly Section[];
  readonly notifications: readonly { readonly subject: string; readonly text: string }[];
  /** Metrics that it published. */
  readonly metrics: readonly string[];
  /** Why it failed. Default: it did not. */
  readonly failure?: string;
}

/** The deployed care functions on the servers of a rehearsal: the work on the database is real, AWS's answers are samples. */
export class DeployedCare {
  private constructor(
    private readonly modules: { readonly care: typeof createCare; readonly database: typeof createDatabase },
    private readonly settings: CareSettings,
    private readonly limits: readonly SalonLimit[],
    private readonly cluster: Cluster,
    private readonly database: string,
    private readonly password: string,
  ) {}

  /** Loads both functions, and sets a password for their role: on AWS it logs in with IAM tokens. */
  static async load(assembly: EnvironmentAssembly, cluster: Cluster, database: string): Promise<DeployedCare> {
    const { module: care } = await assembly.loadFunction<{ createHandler: typeof createCare }>('care');
    const { module: worker } = await assembly.loadFunction<{ createHandler: typeof createDatabase }>('care-database');
    const { CARE = '', ENVIRONMENT: environment = '', TOPIC: topic = '' } = assembly.variables('care');
    const { LIMITS = '' } = assembly.variables('care-database');
    const cared = JSON.parse(CARE) as CaredEnvironment;
    return new DeployedCare(
      { care: care.createHandler, database: worker.createHandler },
      { ...cared, environment, topic, region: 'local', databaseFunction: 'care-database' },
      JSON.parse(LIMITS) as SalonLimit[],
      cluster,
      database,
      await setRolePassword(cluster, CARE_USER),
    );
  }

  /** Runs a job at a time that may be another day. */
  async run(job: CareJob, now: Date, facts: Pick<SampleFacts, 'alarms' | 'fired'>): Promise<CareRun> {
    const { environment } = this.settings;
    const aws = new SampleAws({ ...facts, environment, now: () => now });
    let databaseSections: readonly Section[] = [];
    const work = this.worker(now);
    const lambda = {
      send: async ({ input }: { readonly input: { readonly Payload: string } }) => {
        databaseSections = await work(JSON.parse(input.Payload) as { readonly job: CareJob });
        return { Payload: Buffer.from(JSON.stringify(databaseSections)) };
      },
    };
    const care = this.modules.care({
      settings: this.settings,
      clients: aws.clients,
      lambda: lambda as never,
      sns: aws.client(),
      now: () => now,
    });
    const failure = await care({ job }).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    return { job, databaseSections, ...aws.sent, ...(failure !== undefined && { failure }) };
  }

  private worker(now: Date): ReturnType<typeof createDatabase> {
    const { cluster, database, limits, password } = this;
    return this.modules.database({
      settings: {
        database,
        region: 'local',
        servers: [cluster.primary, ...cluster.replicas].map(({ name, host, port }) => ({ name, host, port })),
        limits,
      },
      ca: cluster.ca,
      password: () => Promise.resolve(password),
      now: () => now,
    });
  }
}
