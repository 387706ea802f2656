import { Duration, Stack } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Copies, DrillCheckEnv } from '../../../lambda/drill-check/env';
import type { DrillSource } from '../../../lambda/drill/env';
import { type DrillKind, TABLE_RECOVERY } from '../../contract/drill/kinds';
import { CHECK_ROLES, RECOVERY_USER } from '../../contract/roles';
import type { DrillSettings } from '../../config/schema/drills';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { acknowledgeWildcards } from '../acknowledge';
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
  /** Runs the drills. */
  readonly stateMachine: IStateMachine;
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
    const table = database && drills.table;
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
      table,
      key: resources.key,
      logs: placement,
    });
    this.restoredSecurityGroup = restoredSecurityGroup;
    this.check = this.databaseFunction('Check', props, table === undefined ? undefined : { kept: false, table });
    const machine = {
      environment,
      drill: drill.function,
      check: this.check.function,
      topics,
      logsKey: placement.logsKey,
      logRetentionDays: placement.logRetentionDays,
    };
    const { stateMachine } = new DrillMachine(this, 'Machine', {
      ...machine,
      purpose: 'drill',
      copy: database && this.check.function,
    });
    this.stateMachine = stateMachine;
    new DrillSchedules(this, 'Schedules', { environment, stateMachine, kinds });
    if (!database) return;
    const copy = this.databaseFunction('Copy', props, { kept: true });
    new DrillMachine(this, 'Recovery', { ...machine, purpose: 'recovery', copy: copy.function });
  }

  /**
   * A function that logs in to restored instances and to the primary. The one that keeps copies is another function than the one of the
   * drills: only the state machine that a recovery document starts may call it.
   */
  private databaseFunction(
    id: 'Check' | 'Copy',
    { config, database, placement }: RestoreDrillProps,
    copies: Copies | undefined,
  ): DatabaseFunction {
    const checks = id === 'Check';
    const stack = Stack.of(this);
    const result = new DatabaseFunction(this, id, {
      placement,
      name: 'drill-check',
      description: checks ? 'Checks restored instances' : 'Copies a table of a restored instance into the primary',
      timeout: Duration.minutes(15),
      // A recovered table is streamed through the function.
      memorySize: 512,
      environment: {
        POWERTOOLS_SERVICE_NAME: checks ? 'drill-check' : TABLE_RECOVERY,
        ...({
          DATABASE_NAME: config.database.databaseName,
          SOURCE: database
            ? stack.toJsonString({ host: database.primary.dbInstanceEndpointAddress, port: POSTGRES_PORT })
            : 'none',
          COPIES: copies ? JSON.stringify(copies) : 'none',
        } satisfies DrillCheckEnv),
      },
    });
    allowTo(result, [this.restoredSecurityGroup]);
    database?.grantConnect(result, RECOVERY_USER);
    const users = (checks ? CHECK_ROLES : [RECOVERY_USER]).map((role) =>
      stack.formatArn({ service: 'rds-db', resource: `dbuser:*/${role}` }),
    );
    result.function.addToRolePolicy(new PolicyStatement({ actions: ['rds-db:connect'], resources: users }));
    acknowledgeWildcards(result, users);
    return result;
  }
}
