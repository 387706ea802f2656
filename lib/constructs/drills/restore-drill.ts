import { Duration, Stack } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { DrillCheckEnv } from '../../../lambda/drill-check/env';
import type { DrillSource } from '../../../lambda/drill/env';
import type { DrillKind } from '../../contract/drill';
import { CHECK_ROLES, RECOVERY_USER } from '../../contract/roles';
import type { DrillSettings } from '../../config/schema/drills';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge, wildcardRules } from '../acknowledge';
import { allowTo } from '../database/database-access';
import type { Database, RestoreResources } from '../database/database';
import { POSTGRES_PORT } from '../database/database-server';
import { DatabaseFunction, type FunctionPlacement } from '../functions/database-function';
import { DrillFunction } from './drill-function';
import { DrillMachine } from './drill-machine';
import { DrillSchedules } from './drill-schedules';

/** The restore drills of an environment in one region. */
export interface RestoreDrillProps {
  readonly config: EnvironmentConfig;
  readonly drills: DrillSettings;
  readonly source: DrillSource;
  /**
   * Restored instances are compared with this database, and tables recovered into it. Default: none, as in another region; then
   * nothing is compared, and the schedules recover no table.
   */
  readonly database?: Database;
  /** Resources for restored instances, in this region. */
  readonly resources: RestoreResources;
  readonly placement: FunctionPlacement;
  /** Topics of notifications, in this region. */
  readonly topics: { readonly succeeded: ITopic; readonly failed: ITopic };
  /** Kinds of drill that are scheduled here. Default: all. */
  readonly kinds?: readonly DrillKind[];
}

/** Restores the database on a schedule and on demand, checks that it is complete, and measures how long it takes. */
export class RestoreDrill extends Construct {
  /** Logs in to restored servers. */
  readonly check: DatabaseFunction;
  /** Security group of restored instances: only the check may connect to them. */
  readonly restoredSecurityGroup: SecurityGroup;

  constructor(scope: Construct, id: string, props: RestoreDrillProps) {
    super(scope, id);
    const { config, drills, source, database, resources, placement, topics, kinds } = props;
    const { name: environment } = config;
    const restoredSecurityGroup = new SecurityGroup(this, 'CopySecurityGroup', {
      vpc: placement.vpc,
      description: `Restored instances of ${environment}: only the checks of the drills connect`,
      allowAllOutbound: false,
    });
    const primaryClass = `db.${config.database.instanceClass}`;
    const drill = new DrillFunction(this, 'Drill', {
      environment,
      metricsRegion: config.region,
      source,
      protectedInstanceArns: database?.servers.map(({ instance }) => instance.instanceArn) ?? [],
      restore: {
        instanceClass: drills.instanceClass ? `db.${drills.instanceClass}` : primaryClass,
        fullInstanceClass: primaryClass,
        subnetGroup: resources.subnetGroupName,
        parameterGroup: resources.parameterGroupName,
        securityGroupIds: [restoredSecurityGroup.securityGroupId],
        engineLifecycleSupport: config.database.extendedSupport
          ? 'open-source-rds-extended-support'
          : 'open-source-rds-extended-support-disabled',
        timeoutMinutes: drills.restoreTimeoutMinutes,
      },
      key: resources.key,
      logs: placement,
    });
    this.restoredSecurityGroup = restoredSecurityGroup;
    const check = this.checkFunction(props);
    this.check = check;
    const { stateMachine } = new DrillMachine(this, 'Machine', {
      environment,
      drill: drill.function,
      check: check.function,
      topics,
      logsKey: placement.logsKey,
      logRetentionDays: placement.logRetentionDays,
    });
    const table = database && drills.table;
    new DrillSchedules(this, 'Schedules', { environment, stateMachine, table, kinds });
  }

  private checkFunction({ config, database, placement }: RestoreDrillProps): DatabaseFunction {
    const check = new DatabaseFunction(this, 'Check', {
      placement,
      name: 'drill-check',
      description: 'Checks restored instances, and recovers tables from them',
      timeout: Duration.minutes(15),
      // A recovered table is streamed through the function.
      memorySize: 512,
      environment: {
        DATABASE_NAME: config.database.databaseName,
        SOURCE: database
          ? Stack.of(this).toJsonString({ host: database.primary.dbInstanceEndpointAddress, port: POSTGRES_PORT })
          : 'none',
      } satisfies DrillCheckEnv,
    });
    allowTo(check, [this.restoredSecurityGroup]);
    database?.grantConnect(check, RECOVERY_USER);
    const users = CHECK_ROLES.map((role) =>
      Stack.of(this).formatArn({ service: 'rds-db', resource: `dbuser:*/${role}` }),
    );
    check.function.addToRolePolicy(new PolicyStatement({ actions: ['rds-db:connect'], resources: users }));
    acknowledge(
      check,
      wildcardRules(this, users),
      'a restored instance has no resource id before it exists; roles of these names are this project’s, and the security groups let the function connect only to restored instances and the primary',
    );
    return check;
  }
}
