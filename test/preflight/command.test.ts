import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Preflight } from '../../lib/preflight/preflight';
import {
  CALLER,
  closeServers,
  CREDENTIALS,
  type Ended,
  listen,
  queryError,
  runWithAws,
  XML,
} from '../support/aws/endpoint';

afterEach(closeServers);

const preflight = (args: readonly string[], env?: NodeJS.ProcessEnv) => runWithAws(['preflight', ...args], env);

/** An error of EC2. */
const ec2Error = (code: string, message: string) =>
  `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>1</RequestID></Response>`;

/** Knows the caller and denies everything else, each service in its own format. */
function denyAll(request: IncomingMessage, body: string, response: ServerResponse): void {
  if (body.includes('Action=GetCallerIdentity')) {
    response.writeHead(200, XML).end(CALLER);
  } else if (body.includes('Version=2016-11-15')) {
    response
      .writeHead(403, XML)
      .end(ec2Error('UnauthorizedOperation', 'You are not authorized to perform this operation.'));
  } else if (request.headers['content-type']?.includes('x-www-form-urlencoded')) {
    response.writeHead(403, XML).end(queryError('AccessDenied', 'User: ada is not authorized'));
  } else {
    response
      .writeHead(400, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': 'AccessDeniedException' })
      .end(JSON.stringify({ __type: 'AccessDeniedException', message: 'User: ada is not authorized' }));
  }
}

const onlyJson = ({ stdout }: Ended) => JSON.parse(stdout) as Preflight;

describe('without an answer of AWS: one sentence, exit code 1, no stack trace', () => {
  const sentence = (reason: string) => new RegExp(`^nothing was checked: [^\\n]*${reason}[^\\n]*start it again\\n$`);

  test('no credentials', async () => {
    const ended = await preflight([]);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(sentence('AWS credentials are missing, expired or refused'));
    expect(ended.stderr).toMatch(/^ +\d+\.\d s {2}asking whose credentials these are\n$/);
  });

  test('a profile that does not exist', async () => {
    const ended = await preflight(['--environment', 'dev'], { AWS_PROFILE: 'nobody' });
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(sentence('choose a profile with AWS_PROFILE'));
  });

  test('expired credentials', async () => {
    const address = await listen((_, __, response) => {
      response
        .writeHead(403, XML)
        .end(queryError('ExpiredToken', 'The security token included in the request is expired'));
    });
    const ended = await preflight([], { ...CREDENTIALS, AWS_ENDPOINT_URL: address });
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(sentence('The security token included in the request is expired'));
  });

  test('an address where nobody listens', async () => {
    const ended = await preflight([], { ...CREDENTIALS, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' });
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(sentence('AWS cannot be reached'));
  });

  test('--json prints the same as JSON, and nothing else', async () => {
    const ended = await preflight(['--json', '--environment', 'staging']);
    expect(ended.code).toBe(1);
    expect(onlyJson(ended)).toEqual({
      environment: 'staging',
      account: null,
      region: 'us-east-1',
      checks: [
        {
          name: 'connection to AWS',
          status: 'refused',
          found: expect.stringContaining('credentials') as string,
          action: expect.stringContaining('log in') as string,
        },
      ],
    });
  });
});

test('an account that allows nothing but to ask who one is: every service’s refusal is understood', async () => {
  const address = await listen(denyAll);
  const ended = await preflight(['--json'], { ...CREDENTIALS, AWS_ENDPOINT_URL: address });
  const { account, checks } = onlyJson(ended);
  expect(account).toBe('111122223333');
  // The placeholders of production are refused; apart from them nothing is.
  expect(ended.code).toBe(1);
  const asked = checks.filter(({ name }) => !/^(account$|placeholder )/.test(name));
  const byHand = ['plan of the account', 'cache', 'names of log groups in us-east-1'];
  expect(asked.filter(({ status }) => status !== 'not checked')).toEqual([]);
  const unexplained = asked.filter(({ name, found }) => !byHand.includes(name) && !/needs \w+:[A-Z]\w+$/.test(found));
  expect(unexplained).toEqual([]);
  const services = asked.flatMap(({ found }) => /needs (\w+):/.exec(found)?.[1] ?? []);
  const expected = ['backup', 'cloudformation', 'cloudtrail', 'ec2', 'iam', 'rds', 'sns', 'ssm'];
  expect(services).toEqual(expect.arrayContaining(expected));
}, 120_000);
