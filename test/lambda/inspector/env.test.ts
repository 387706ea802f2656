import { readEnv } from '../../../lambda/inspector/env';

const MACHINE = 'arn:aws:states:us-east-1:111111111111:stateMachine:dev-restore-drill';

test('reads where drills run', () => {
  const variables = { ENVIRONMENT: 'dev', SERVERS: '[]', AWS_REGION: 'r' };
  expect(readEnv({ ...variables, DRILLS: MACHINE }).drills).toBe(MACHINE);
  expect(readEnv({ ...variables, DRILLS: 'off' })).not.toHaveProperty('drills');
});

test('fails naming every missing variable', () => {
  expect(() => readEnv({ SERVERS: '[]' })).toThrow('environment variables missing: ENVIRONMENT, DRILLS, AWS_REGION');
});
