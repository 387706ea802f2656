import { readEnv } from '../../../lambda/collector/env';
import { readRdsCa } from '../../../lambda/shared/rds-ca';

test('fails naming every missing variable', () => {
  expect(() => readEnv({ SERVERS: '[]' })).toThrow(
    'environment variables missing: ENVIRONMENT, DATABASE_NAME, AWS_REGION, LAMBDA_TASK_ROOT',
  );
});

test('looks for certificates and queries next to the function’s code', () => {
  const lambda = { AWS_REGION: 'us-east-1', LAMBDA_TASK_ROOT: '/var/task' };
  expect(readEnv({ ENVIRONMENT: 'dev', DATABASE_NAME: 'x', SERVERS: '[]', ...lambda })).toMatchObject({
    caFile: '/var/task/rds-ca.pem',
    collectionFile: '/var/task/collection.json',
  });
  expect(() => readRdsCa('/var/task/rds-ca.pem')).toThrow(
    '/var/task/rds-ca.pem, the certificates of RDS, cannot be read',
  );
});
