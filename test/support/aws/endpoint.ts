import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ROOT } from '../cli';
import { runFolder } from '../run/shared';

/** A command that ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command as a user does, with nothing of this machine's AWS configuration. */
export function runWithAws(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^AWS_(?!SDK_JS)/.test(name)));
  const home = mkdtempSync(join(runFolder(), 'home-'));
  const options = { cwd: ROOT, env: { ...own, HOME: home, AWS_EC2_METADATA_DISABLED: 'true', ...env } };
  return new Promise((resolve) => {
    const command = ['--import', 'tsx', 'bin/cli.ts', ...args];
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

/** A key pair of AWS's documentation. */
export const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI' };

const servers: Server[] = [];

/** Closes what `listen` opened; call it after each test. */
export function closeServers(): void {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
}

/** Every service of AWS at an address of this machine, for AWS_ENDPOINT_URL. */
export async function listen(
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

/** Headers of an answer in XML. */
export const XML = { 'content-type': 'text/xml' };

/** GetCallerIdentity as in the API reference of STS. */
export const CALLER = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::111122223333:user/ada</Arn><UserId>AIDA</UserId><Account>111122223333</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;

/** An error of STS, RDS, SNS, IAM and CloudFormation. */
export const queryError = (code: string, message: string) =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
