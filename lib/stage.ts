import { Annotations, Aspects, Aws, Stage, Tags } from 'aws-cdk-lib';
import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { drillPlacement } from './config/derived/drill-placement';
import { placeholdersOf } from './config/derived/placeholders';
import type { EnvironmentConfig } from './config/schema/environment';
import { environmentTags } from './config/derived/tags';
import { acknowledge, INLINE_POLICY_RULES } from './constructs/acknowledge';
import { PERMISSION_REASONS } from './constructs/reasons';
import { TrustedSources } from './constructs/trusted-sources';
import { type Alert, loadAlerts } from './monitoring/alerts';
import { AccessStack } from './stacks/access-stack';
import { BackupStack } from './stacks/backup-stack';
import { CacheStack } from './stacks/cache-stack';
import { DatabaseStack } from './stacks/database-stack';
import { DeliveryStack } from './stacks/delivery-stack';
import { DrillStack } from './stacks/drill-stack';
import { MigrationsStack } from './stacks/migrations-stack';
import { MonitoringStack } from './stacks/monitoring-stack';
import { NetworkStack } from './stacks/network-stack';
import { OperationsStack } from './stacks/operations-stack';
import { PeopleStack } from './stacks/people-stack';
import { RecoveryDrillStack } from './stacks/recovery-drill-stack';
import { RecoveryStack } from './stacks/recovery-stack';

/**
 * One environment. Only this file wires its stacks together: each one receives the stacks that it builds on. A property is undefined
 * where the configuration leaves the stack out.
 */
export class DatabaseStage extends Stage {
  readonly network: NetworkStack;
  readonly recovery?: RecoveryStack;
  readonly database: DatabaseStack;
  readonly backup?: BackupStack;
  readonly migrations: MigrationsStack;
  readonly access: AccessStack;
  readonly people?: PeopleStack;
  readonly cache?: CacheStack;
  readonly delivery?: DeliveryStack;
  readonly operations: OperationsStack;
  readonly monitoring: MonitoringStack;
  readonly recoveryDrills?: RecoveryDrillStack;
  readonly drills?: DrillStack;

  /** @param alerts default: those of alerts.yml */
  constructor(scope: Construct, config: EnvironmentConfig, alerts: readonly Alert[] = loadAlerts()) {
    super(scope, config.name, { env: { account: config.accountId, region: config.region } });
    const { drills, backups } = config;
    const network = (this.network = new NetworkStack(this, 'Network', { config }));
    if (backups.recoveryRegion) this.recovery = new RecoveryStack(this, 'Recovery', { config });
    const { recovery } = this;
    const database = (this.database = new DatabaseStack(this, 'Database', { config, network, recovery }));
    if (config.database.backupRetentionDays > 0) this.backup = new BackupStack(this, 'Backup', { config, recovery });
    const { backup } = this;
    const migrations = (this.migrations = new MigrationsStack(this, 'Migrations', { config, network, database }));
    const access = (this.access = new AccessStack(this, 'Access', { config, network, database }));
    if (config.access) {
      this.people = new PeopleStack(this, 'People', { config, settings: config.access, network, database });
    }
    const { people } = this;
    if (config.cache) this.cache = new CacheStack(this, 'Cache', { config, settings: config.cache, network });
    if (config.delivery) this.delivery = new DeliveryStack(this, 'Delivery', { config, settings: config.delivery });
    const operations = new OperationsStack(this, 'Operations', { config, network, database, access });
    this.operations = operations;
    if (drills && recovery && drillPlacement(config).recoveryRegion.length > 0) {
      this.recoveryDrills = new RecoveryDrillStack(this, 'RecoveryDrills', { config, drills, database, recovery });
    }
    const { recoveryDrills } = this;
    const otherTopics = [operations.approvalTopic, ...(recoveryDrills ? [recoveryDrills.topic] : [])];
    const watched = { network, database, access, migrations, people, cache: this.cache, backup, otherTopics };
    const monitoring = new MonitoringStack(this, 'Monitoring', { config, alerts, ...watched });
    this.monitoring = monitoring;
    if (drills) this.drills = new DrillStack(this, 'Drills', { config, drills, network, database, backup, monitoring });
    // The migrations make the roles that these log in as. Test: test/stacks/order.test.ts.
    for (const stack of [access, people, monitoring, recoveryDrills, this.drills]) {
      stack?.addStackDependency(migrations);
    }

    Aspects.of(this).add(new TrustedSources());
    acknowledge(this, INLINE_POLICY_RULES, PERMISSION_REASONS.inline);
    this.applyBoundary(config);
    this.warnOfPlaceholders(config);
    for (const [key, value] of Object.entries(environmentTags(config))) Tags.of(this).add(key, value);
  }

  /** To every role of the environment, those that CDK makes for itself included. */
  private applyBoundary({ permissionsBoundary }: EnvironmentConfig): void {
    if (permissionsBoundary === undefined) return;
    const arn = permissionsBoundary.startsWith('arn:')
      ? permissionsBoundary
      : `arn:aws:iam::${Aws.ACCOUNT_ID}:policy/${permissionsBoundary}`;
    const policy = ManagedPolicy.fromManagedPolicyArn(this.network, 'PermissionsBoundary', arn);
    PermissionsBoundary.of(this).apply(policy);
  }

  /** On the stack that every other needs: the CLI shows the warnings of the stacks that it works on, and none of a stage. */
  private warnOfPlaceholders(config: EnvironmentConfig): void {
    const found = placeholdersOf(config).map(({ path, value }) => `${path} ${JSON.stringify(value)}`);
    if (found.length === 0) return;
    Annotations.of(this.network).addWarningV2(
      'whatsapp-saas:placeholders',
      `lib/config/${config.name}.ts still has placeholders: ${found.join(', ')}; replace them before you deploy, or nobody is notified of an outage`,
    );
  }
}
