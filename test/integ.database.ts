import { ExpectedResult, IntegTest, Match } from '@aws-cdk/integ-tests-alpha';
import { App, Duration } from 'aws-cdk-lib';
import { context } from '../cdk.json';
import { loadEnvironment } from '../lib/config';
import { DatabaseStage } from '../lib/stage';

/**
 * Deploys dev's stacks under names of their own into your account, and asserts there that the primary is available, encrypted and
 * private, and that the deployment left no migration pending. A failed assertion fails the deployment of the last stack.
 *
 *     npx cdk deploy --app 'npx tsx test/integ.database.ts' --output cdk.out/integ --all
 *     npx cdk destroy --app 'npx tsx test/integ.database.ts' --output cdk.out/integ --all
 *
 * It costs what dev costs while it stands. Keys, secrets, the backup vault and a last snapshot are kept when it is destroyed, as
 * dev's are. Not integ-runner: its newest version refuses assemblies of this aws-cdk-lib (schema 55; it reads 53).
 * Not run against an account: unconfirmed. The tests synthesize it.
 */
const app = new App({ context });
const dev = loadEnvironment('dev');
// Stacks, alarms and SSM parameters are named for the environment: a fourth name keeps clear of a deployed dev.
const stage = new DatabaseStage(app, { ...dev, name: 'integ' });
const { network, database, migrations, access, operations, monitoring } = stage;

const test = new IntegTest(stage, 'Assert', {
  testCases: [network, database, migrations, access, operations, monitoring],
});

test.assertions
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
  // After a deployment RDS may still be backing up or rebooting into a parameter group.
  .waitForAssertions({ totalTimeout: Duration.minutes(30), interval: Duration.seconds(30) });

test.assertions.invokeFunction({ functionName: migrations.migrations.function.functionName }).expect(
  ExpectedResult.objectLike({
    StatusCode: 200,
    Payload: Match.serializedJson(Match.objectLike({ applied: [], passwordsSet: [] })),
  }),
);

app.synth();
