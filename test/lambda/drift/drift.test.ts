import { ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { DescribeAlarmsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { PublishCommand } from '@aws-sdk/client-sns';
import { createHandler } from '../../../lambda/drift';
import { readEnv } from '../../../lambda/drift/env';
import { logger } from '../../../lambda/shared/logger';
import { connect } from '../../../lib/account/aws';
import { bundleFunctions } from '../../../lib/constructs/functions/function-code';
import { cloudFormation, cloudWatch, NOW, sns, stacks } from '../../drift/account';
import { alarm, CPU, serveChanged } from '../../drift/seeds';

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:info';

beforeEach(() => {
  jest.spyOn(logger, 'info').mockImplementation(() => undefined);
  serve(() => undefined);
});

/** Lets the account be as deployed, with a change by hand. */
function serve(change: Parameters<typeof serveChanged>[0]): void {
  serveChanged(change);
  sns.on(PublishCommand).resolves({});
  cloudWatch.on(PutMetricDataCommand).resolves({});
}

function run(): Promise<void> {
  return createHandler({
    settings: { environment: 'production', region: 'us-east-1', stacks, topic: TOPIC },
    aws: connect(),
    now: () => NOW,
  })();
}

function sent(): { subject: string | undefined; text: string } {
  const [call] = sns.commandCalls(PublishCommand);
  const { TopicArn, Subject, Message = '{}' } = call?.args[0].input ?? {};
  expect(TopicArn).toBe(TOPIC);
  return { subject: Subject, text: (JSON.parse(Message) as { default: string }).default };
}

function published(): Record<string, number[] | undefined> {
  const data = cloudWatch.commandCalls(PutMetricDataCommand).flatMap(({ args }) => args[0].input.MetricData ?? []);
  return Object.fromEntries(data.map(({ MetricName = '', Values }) => [MetricName, Values]));
}

test('nothing differs: one notification, and the success', async () => {
  await run();
  expect(sent()).toEqual({
    subject: 'Drift of production: nothing to do',
    text: 'ok  The account against the deployed templates\n    0 differences in 16 comparisons',
  });
  expect(published()).toEqual({ drift_findings: [0], care_drift_successes: [1] });
});

test('each difference is named with what to do', async () => {
  serve(({ instances: [server] }) => {
    server!.DeletionProtection = false;
  });
  await run();
  const { subject, text } = sent();
  expect(subject).toBe('Drift of production: 1 of 1 to look at');
  expect(text).toMatch(
    /1 differences in 16 comparisons\n {4}deletion protection off: .* \(us-east-1\): .*; expected: .*\. Do: /,
  );
  expect(published()).toEqual({ drift_findings: [1], care_drift_successes: [1] });
});

test('what may not be read is a part of the notification that failed, and the run fails without a success', async () => {
  cloudWatch.on(DescribeAlarmsCommand).rejects(Object.assign(new Error('said'), { name: 'AccessDeniedException' }));
  await expect(run()).rejects.toThrow('not compared: alarms in us-east-1 (these credentials may not call it');
  expect(sent().subject).toBe('Drift of production: 2 of 3 not found out');
  expect(sent().text).toMatch(
    /^FAILED {2}alarms in us-east-1\n {4}these credentials may not call it: needs cloudwatch:DescribeAlarms/,
  );
  expect(published()).toEqual({ drift_findings: [0] });
});

test('differences of several kinds and regions are all named, and counted', async () => {
  serve((home, away) => {
    alarm(home, CPU).ActionsEnabled = false;
    home.instances[0]!.DeletionProtection = false;
    home.rules.pop();
    away.vaults = {};
  });
  await run();
  const { text } = sent();
  const kinds = ['alarm actions disabled', 'deletion protection off', 'security group rule missing', 'vault missing'];
  for (const kind of kinds) expect(text).toMatch(new RegExp(`^ {4}${kind}: .*; expected: .*\\. Do: .+`, 'm'));
  expect(text).toMatch(/vault missing: \S+ \(us-west-2\)/);
  expect(published()).toEqual({ drift_findings: [4], care_drift_successes: [1] });
});

test('where the stacks cannot be read the run fails with the reason, and tells of no difference', async () => {
  cloudFormation.on(ListStackResourcesCommand).rejects(Object.assign(new Error('said'), { name: 'Throttling' }));
  await expect(run()).rejects.toThrow('AWS answers no more calls of cloudformation:ListStackResources for now');
  expect(sns.commandCalls(PublishCommand)).toEqual([]);
  expect(published()).toEqual({});
});

test('every missing variable is named', () => {
  expect(() => readEnv({})).toThrow('environment variables missing: ENVIRONMENT, STACKS, TOPIC, AWS_REGION');
  expect(
    readEnv({ ENVIRONMENT: 'e', STACKS: '[{"name":"e-Network","region":"r"}]', TOPIC: 't', AWS_REGION: 'r' }),
  ).toEqual({ environment: 'e', stacks: [{ name: 'e-Network', region: 'r' }], topic: 't', region: 'r' });
});

test('its code has the comparison and none of what synthesizes, configures or prices', () => {
  const { outputs } = bundleFunctions().metafile;
  const [, bundle] = Object.entries(outputs).find(([path]) => path.endsWith('drift/index.mjs')) ?? [];
  const ours = Object.keys(bundle?.inputs ?? {}).filter((path) => path.startsWith('lib/'));
  expect(ours.some((path) => path.startsWith('lib/drift/areas/'))).toBe(true);
  expect(ours.filter((path) => !/^lib\/(account|contract|drift|safe-change|shared)\//.test(path))).toEqual([]);
});
