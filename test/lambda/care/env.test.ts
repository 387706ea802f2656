import { readEnv } from '../../../lambda/care/env';
import { readEnv as readDatabaseEnv } from '../../../lambda/care-database/env';

test('every missing variable of the care function is named', () => {
  expect(() => readEnv({ ENVIRONMENT: 'test' })).toThrow(
    'environment variables missing: DATABASE_FUNCTION, TOPIC, CARE, AWS_REGION; the stack sets them',
  );
  const source = { ENVIRONMENT: 'test', DATABASE_FUNCTION: 'f', TOPIC: 't', CARE: '{"drills":true}', AWS_REGION: 'r' };
  expect(readEnv(source)).toEqual({
    environment: 'test',
    databaseFunction: 'f',
    topic: 't',
    region: 'r',
    drills: true,
  });
  expect(() => readEnv({ ...source, CARE: '{' })).toThrow('environment variable CARE is no JSON');
});

test('every missing variable of the function on the database is named', () => {
  expect(() => readDatabaseEnv({ AWS_REGION: 'r' })).toThrow(
    'environment variables missing: DATABASE_NAME, SERVERS, LIMITS, LAMBDA_TASK_ROOT; the stack sets them',
  );
  const source = { DATABASE_NAME: 'd', SERVERS: '[]', LIMITS: '[]', AWS_REGION: 'r', LAMBDA_TASK_ROOT: '/var/task' };
  expect(readDatabaseEnv(source)).toEqual({
    database: 'd',
    servers: [],
    limits: [],
    region: 'r',
    caFile: '/var/task/rds-ca.pem',
  });
});
