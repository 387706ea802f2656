import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Preflight } from '../../lib/preflight/preflight';
import { ROOT } from '../support/cli';
import { runFolder } from '../support/run/shared';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a user does, with nothing of this machine's AWS configuration. */
function preflight(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^AWS_(?!SDK_JS)/.test(name)));
  const home = mkdtempSync(join(runFolder(), 'home-'));
  const options = { cwd: ROOT, env: { ...own, HOME: home, AWS_EC2_METADATA_DISABLED: 'true', ...env } };
  return new Promise((resolve) => {
    const command = ['--import', 'tsx', 'bin/cli.ts', 'preflight', ...args];
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

/** A key pair of AWS's documentation. */
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI' };

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Every service of AWS at an address of this machine. */
async function listen(
  answer: (request: IncomingMessage, body: string, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => answer(request, body, response));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const XML = { 'content-type': 'text/xml' };

/** GetCallerIdentity as in the API reference of STS. */
const CALLER = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::111122223333:user/ada</Arn><UserId>AIDA</UserId><Account>111122223333</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;

/** An error of STS, RDS, SNS, IAM and CloudFormation. */
const queryError = (code: string, message: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;

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
  const byHand = ['plan of the account', 'names of log groups in us-east-1'];
  expect(asked.filter(({ status }) => status !== 'not checked')).toEqual([]);
  const unexplained = asked.filter(({ name, found }) => !byHand.includes(name) && !/needs \w+:[A-Z]\w+$/.test(found));
  expect(unexplained).toEqual([]);
  const services = asked.flatMap(({ found }) => /needs (\w+):/.exec(found)?.[1] ?? []);
  const expected = ['backup', 'cloudformation', 'cloudtrail', 'ec2', 'iam', 'rds', 'sns', 'ssm'];
  expect(services).toEqual(expect.arrayContaining(expected));
}, 120_000);
