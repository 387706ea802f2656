import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { context } from '../cdk.json';
import { dev } from '../lib/config/dev';
import { parseEnvironment } from '../lib/config/parse';
import { drillMachineArn } from '../lib/constructs/drills/drill-machine-arn';
import { DatabaseStage } from '../lib/stage';

/**
 * Deploys dev's stacks with a proxy and drills, under names of their own, into your account, and asserts there: the primary is available,
 * encrypted and private; the deployment left no migration pending (a log-in of the master user); the proxy reaches the primary (of
 * app_user); the collector's alarms are OK (of metrics_user); a drill restores the database and deletes the copy (of drill_user). A failed
 * assertion fails the deployment of the last stack.
 *
 *     npx cdk deploy --app 'npx tsx test/integ.database.ts' --output cdk.out/integ --all
 *     npx cdk destroy --app 'npx tsx test/integ.database.ts' --output cdk.out/integ --all
 *
 * Estimated, not measured: two hours, of which the drill takes up to one; a CloudFormation custom resource may take no longer. It costs what
 * dev with a proxy costs for as long as it stands, and the restored copy: under $2 for two hours (test/integ.test.ts holds it to that by the
 * prices of lib/cost). Keys, secrets, the backup vault and a last snapshot are kept when it is destroyed, as dev's are: delete them by hand.
 * Not integ-runner: its newest version refuses assemblies of this aws-cdk-lib (schema 55; it reads 53).
 * Not run against an account: unconfirmed. The tests synthesize it.
 */
const app = new App({ context });
// Stacks, alarms and SSM parameters are named for the environment: a fourth name keeps clear of a deployed dev.
const config = parseEnvironment('integ', { ...dev, proxy: {}, secretRotationDays: 30, drills: {} });
const stage = new DatabaseStage(app, config);
const { network, database, backup, migrations, access, operations, monitoring, drills } = stage;
const stacks = [network, database, backup, migrations, access, operations, monitoring, drills].filter(
  (stack) => stack !== undefined,
);

const test = new IntegTest(stage, 'Assert', { testCases: stacks });
const { assertions } = test;

/** After a deployment RDS may still be backing up or rebooting into a parameter group, and the first values come after minutes. */
const patience = { totalTimeout: Duration.minutes(30), interval: Duration.seconds(30) };

const available = assertions
  .awsApiCall('RDS', 'describeDBInstances', { DBInstanceIdentifier: database.database.primary.instanceIdentifier })
  .expect(
    ExpectedResult.objectLike({
      DBInstances: Match.arrayWith([
        Match.objectLike({
          DBInstanceStatus: 'available',
          StorageEncrypted: true,
          PubliclyAccessible: false,
          DeletionProtection: false,
        }),
      ]),
    }),
  )
  .waitForAssertions(patience);

const migrated = assertions.invokeFunction({ functionName: migrations.migrations.function.functionName }).expect(
  ExpectedResult.objectLike({
    StatusCode: 200,
    Payload: Match.serializedJson(Match.objectLike({ applied: [], passwordsSet: [] })),
  }),
);

const proxied = assertions
  .awsApiCall('RDS', 'describeDBProxyTargets', { DBProxyName: access.access.proxy!.proxyName })
  .expect(
    ExpectedResult.objectLike({
      Targets: Match.arrayWith([Match.objectLike({ TargetHealth: Match.objectLike({ State: 'AVAILABLE' }) })]),
    }),
  )
  .waitForAssertions(patience);

const watched = ['PostgreSQLMetricsMissing', 'PostgreSQLDown-primary'].map((name) => `${config.name}-${name}`);
const quiet = assertions
  .awsApiCall('CloudWatch', 'describeAlarms', { AlarmNames: watched })
  .expect(
    ExpectedResult.objectLike({
      MetricAlarms: Match.arrayWith(
        watched.map((name) => Match.objectLike({ AlarmName: name, ActionsEnabled: true, StateValue: 'OK' })),
      ),
    }),
  )
  .waitForAssertions(patience);

const started = assertions.awsApiCall('StepFunctions', 'startExecution', {
  stateMachineArn: drillMachineArn(monitoring, config.name),
  input: '{"drill":"verification"}',
});
const drilled = assertions
  .awsApiCall('StepFunctions', 'describeExecution', { executionArn: started.getAttString('executionArn') })
  .expect(ExpectedResult.objectLike({ status: 'SUCCEEDED' }))
  .waitForAssertions({ totalTimeout: Duration.minutes(55), interval: Duration.minutes(1) });

// Alarms and drill are found by their names, which makes no dependency.
for (const stack of stacks) Stack.of(available).addStackDependency(stack);
available.next(migrated).next(proxied).next(quiet).next(started).next(drilled);

app.synth();
