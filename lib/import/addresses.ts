import { readTarget, type Target } from '../shared/connection/target';
import type { HostPort } from './plan/reach';

/** Where the address of one side and its password come from. */
export interface AddressInput {
  /** The option that gives the address, `--from` or `--to`. */
  readonly option: '--from' | '--to';
  readonly address: string;
  readonly passwordFile?: string;
  /** ARN of a secret with the password. */
  readonly secret?: string;
  /** From the environment. */
  readonly password?: string;
}

/** Reads the text of a secret of Secrets Manager. */
export type ReadSecret = (arn: string) => Promise<string>;

/**
 * The address of one side. A password comes from the file, the secret, the environment or the address, in this order.
 * @throws Error with a sentence that repeats neither the address nor the password
 */
export async function readAddress(input: AddressInput, readSecret: ReadSecret): Promise<Target> {
  const { option, address, passwordFile, secret, password } = input;
  const names = {
    address: option,
    passwordFile: `${option}-password-file`,
    passwordVariable: `IMPORT_${option.slice(2).toUpperCase()}_PASSWORD`,
  };
  const target = readTarget(address, passwordFile, names);
  if (passwordFile !== undefined) return target;
  if (secret !== undefined) return { ...target, password: passwordOf(await readSecret(secret), `${option}-secret`) };
  return password === undefined ? target : { ...target, password };
}

/** A secret is the password alone, or JSON with the field `password`, as RDS and this project's secrets are. */
function passwordOf(secret: string, option: string): string {
  if (!secret.trimStart().startsWith('{')) return secret;
  let fields: { readonly password?: unknown };
  try {
    fields = JSON.parse(secret) as { readonly password?: unknown };
  } catch {
    fields = {};
  }
  if (typeof fields.password === 'string' && fields.password !== '') return fields.password;
  throw new Error(
    `the secret of ${option} has no password; allowed: the password alone, or JSON with the field password`,
  );
}

/**
 * An address as another server reaches it.
 * @throws Error with a sentence unless the text is `<host>:<port>`
 */
export function readHostPort(text: string, option: string): HostPort {
  const [, host, port] = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(text) ?? [];
  if (host !== undefined && Number(port) > 0 && Number(port) < 65_536) return { host, port: Number(port) };
  throw new Error(`${option} is ${text}; allowed: <host>:<port>, such as 10.0.0.5:5432`);
}
