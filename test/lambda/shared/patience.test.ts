import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { PATIENCE } from '../../../lambda/shared/patience';
import { PUBLISHER_CLIENT } from '../../../lambda/shared/publish';
import { connect } from '../../../lib/account/aws';

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

test.each([
  ['asks', PATIENCE],
  ['publishes', PUBLISHER_CLIENT],
])(
  'a service that takes the call of a function that %s, and never answers, ends it after its attempts',
  async (_, settings) => {
    requests = 0;
    const requestHandler = { ...settings.requestHandler, requestTimeout: 200 };
    const client = new CloudWatchClient({ region: 'us-east-1', maxAttempts: 2, requestHandler });
    const started = performance.now();
    await expect(client.send(new DescribeAlarmsCommand({}))).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(performance.now() - started).toBeLessThan(5000);
    expect(requests).toBe(2);
    client.destroy();
  },
);

test('the clients of a person’s commands end a call too', async () => {
  const { requestHandler } = connect()('us-east-1').cloudWatch.config;
  expect(await handlerSettings(requestHandler)).toMatchObject({ requestTimeout: 10_000, throwOnRequestTimeout: true });
});

/** What the handler of Node.js was made with; it reads its settings when it is first used. */
async function handlerSettings(handler: object): Promise<object> {
  const { configProvider } = handler as { configProvider: Promise<object> };
  return configProvider;
}
