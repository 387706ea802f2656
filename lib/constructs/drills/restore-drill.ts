import { Duration, Stack } from 'aws-cdk-lib';
import { Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { DrillCheckEnv } from '../../../lambda/drill-check/env';
import type { DrillSource } from '../../../lambda/drill/env';
import type { DrillKind } from '../../contract/drill';
import { CHECK_ROLES } from '../../contract/roles';
import type { DrillSettings } from '../../config/schema/drills';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledge, wildcardRules } from '../acknowledge';
import { type Database, POSTGRES_PORT, type RestoreResources } from '../database/database';
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
   * The database that copies are compared with and tables recovered into. Default: out of reach, as from another region; copies then
   * prove themselves alone, and no schedule names a table.
   */
  readonly database?: Database;
  /** What copies are restored with, in this region. */
  readonly resources: RestoreResources;
  readonly placement: FunctionPlacement;
  /** Who is told, in this region. */
  readonly topics: { readonly succeeded: ITopic; readonly failed: ITopic };
  /** What runs by itself here. Default: all. */
  readonly kinds?: readonly DrillKind[];
}

/** Proves on a schedule, and whenever somebody asks, that the backups become a database again, how fast and how completely. */
export class RestoreDrill extends Construct {
  /** Logs in to restored servers. */
  readonly check: DatabaseFunction;
  /** Of restored servers: the check may come in. */
  readonly copies: SecurityGroup;

  constructor(scope: Construct, id: string, props: RestoreDrillProps) {
    super(scope, id);
    const { config, drills, source, database, resources, placement, topics, kinds } = props;
    const { name: environment } = config;
    const copies = new SecurityGroup(this, 'CopySecurityGroup', {
      vpc: placement.vpc,
      description: `Restored copies of ${environment}: only the checks of the drills reach them`,
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
        securityGroupIds: [copies.securityGroupId],
        engineLifecycleSupport: config.database.extendedSupport
          ? 'open-source-rds-extended-support'
          : 'open-source-rds-extended-support-disabled',
        timeoutMinutes: drills.restoreTimeoutMinutes,
      },
      key: resources.key,
      logs: placement,
    });
    this.copies = copies;
    const check = this.checkFunction(props, copies);
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

  private checkFunction({ config, database, placement }: RestoreDrillProps, copies: SecurityGroup): DatabaseFunction {
    const check = new DatabaseFunction(this, 'Check', {
      placement,
      name: 'drill-check',
      description: 'Checks restored copies of the database, and recovers tables from them',
      timeout: Duration.minutes(15),
      // Streams a table through.
      memorySize: 512,
      environment: {
        DATABASE_NAME: config.database.databaseName,
        SOURCE: database
          ? Stack.of(this).toJsonString({ host: database.primary.dbInstanceEndpointAddress, port: POSTGRES_PORT })
          : 'none',
      } satisfies DrillCheckEnv,
    });
    check.connections.allowTo(copies, Port.tcp(POSTGRES_PORT), 'PostgreSQL');
    database?.grantConnect(check, 'recovery_user');
    const users = CHECK_ROLES.map((role) =>
      Stack.of(this).formatArn({ service: 'rds-db', resource: `dbuser:*/${role}` }),
    );
    check.function.addToRolePolicy(new PolicyStatement({ actions: ['rds-db:connect'], resources: users }));
    acknowledge(
      check,
      wildcardRules(this, users),
      'a copy has its resource id only when it exists; roles of these names are this project’s, and the security group lets the function to its copies and the primary alone',
    );
    return check;
  }
}
