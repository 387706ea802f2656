import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import { PATIENCE, regionalServices } from '../../../lambda/drift/aws';

const VARIABLES = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
const before = { ...process.env };
let silent: Server;
let requests = 0;

beforeAll(async () => {
  silent = createServer(() => (requests += 1));
  await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
  const { port } = silent.address() as AddressInfo;
  Object.assign(process.env, VARIABLES, { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
});

afterAll(() => {
  process.env = before;
  silent.closeAllConnections();
  silent.close();
});

test('a service that takes a call and never answers ends it in its time, after its attempts', async () => {
  const { rds } = regionalServices({
    maxAttempts: 2,
    requestHandler: { ...PATIENCE.requestHandler, requestTimeout: 200 },
  })('us-east-1');
  const started = performance.now();
  await expect(rds.send(new DescribeDBInstancesCommand({}))).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(performance.now() - started).toBeLessThan(5000);
  expect(requests).toBe(2);
});

test('a region has its clients once, another region has its own', async () => {
  const aws = regionalServices();
  expect(aws('us-east-1')).toBe(aws('us-east-1'));
  await expect(aws('us-west-2').cloudFormation.config.region()).resolves.toBe('us-west-2');
  await expect(aws('us-east-1').cloudFormation.config.region()).resolves.toBe('us-east-1');
});
