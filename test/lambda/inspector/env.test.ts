import { readEnv } from '../../../lambda/inspector/env';

const MACHINE = 'arn:aws:states:us-east-1:111111111111:stateMachine:dev-restore-drill';

test('reads where drills run, and the topics', () => {
  const TOPICS = '[{"arn":"arn:aws:sns:r:1:t","subscriptions":2}]';
  const variables = { ENVIRONMENT: 'dev', SERVERS: '[]', TOPICS, AWS_REGION: 'r' };
  expect(readEnv({ ...variables, DRILLS: MACHINE }).drills).toBe(MACHINE);
  expect(readEnv({ ...variables, DRILLS: 'off' })).not.toHaveProperty('drills');
  expect(readEnv({ ...variables, DRILLS: 'off' }).topics).toEqual([{ arn: 'arn:aws:sns:r:1:t', subscriptions: 2 }]);
});

test('fails naming every missing variable', () => {
  expect(() => readEnv({ SERVERS: '[]' })).toThrow(
    'environment variables missing: ENVIRONMENT, DRILLS, TOPICS, AWS_REGION',
  );
});
