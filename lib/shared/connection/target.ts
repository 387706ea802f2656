import { readFileSync } from 'node:fs';

/** How the session is encrypted and whether the server is verified: libpq's words and meanings. */
const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
type SslMode = (typeof SSL_MODES)[number];

/** Where to log in, and how. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Undefined: the driver takes PGPASSWORD or the password file of libpq. */
  readonly password: string | undefined;
  readonly sslMode: SslMode;
  /** File with the certificates of the authorities to trust; undefined: those of Node.js and of RDS. */
  readonly sslRootCert: string | undefined;
  /** Longest time to log in. */
  readonly connectTimeoutSeconds: number;
}

const CONNECT_TIMEOUT_SECONDS = 10;
const FORM = 'postgres://user@host:5432/database?sslmode=verify-full';

/** The options of a command that give an address and its password, for messages. */
export interface TargetOptions {
  /** Option of the address, such as `--url`. */
  readonly address: string;
  /** Option of the file with the password. */
  readonly passwordFile: string;
  /** Environment variable with the password. */
  readonly passwordVariable: string;
}

/** The options of a command that works on one database. */
const ONE_DATABASE: TargetOptions = {
  address: '--url',
  passwordFile: '--password-file',
  passwordVariable: 'PGPASSWORD',
};

/**
 * Reads an address in the form of libpq. Parameters that it does not know, such as Prisma's, are ignored.
 * @param passwordFile file with the password in its first line; it takes precedence over one in the address
 * @param options the command's options, for messages. Default: those of a command that works on one database
 * @throws Error with a sentence that repeats nothing of the address, because a mistyped one may have the password anywhere
 */
export function readTarget(address: string, passwordFile?: string, options: TargetOptions = ONE_DATABASE): Target {
  const url = parse(address, options);
  const parameters = url.searchParams;
  const text = (name: string) => parameters.get(name) || undefined;
  const host = text('host') ?? decode(url.hostname, options).replace(/^\[(.*)\]$/, '$1');
  const user = text('user') ?? decode(url.username, options);
  if (host === '' || user === '') throw invalid(`names no ${host === '' ? 'host' : 'user'}`, options);
  return {
    host,
    user,
    port: wholeNumber('port', text('port') ?? (url.port || '5432'), 65_535, options),
    database: text('dbname') ?? (decode(url.pathname.slice(1), options) || user),
    password:
      passwordFile === undefined
        ? (text('password') ?? (decode(url.password, options) || undefined))
        : passwordOf(passwordFile, options),
    sslMode: sslMode(text('sslmode'), options),
    sslRootCert: text('sslrootcert'),
    connectTimeoutSeconds: wholeNumber(
      'connect_timeout',
      text('connect_timeout') ?? String(CONNECT_TIMEOUT_SECONDS),
      600,
      options,
    ),
  };
}

function parse(address: string, options: TargetOptions): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  // An unencoded # / ? or @ in a password ends the part before it early: what follows would pass for a host, a database or a parameter.
  const isBroken = url && (url.hash !== '' || /[@/]/.test(url.pathname.slice(1)) || url.search.includes('@'));
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || isBroken)
    throw invalid('is not an address of PostgreSQL', options);
  return url;
}

function decode(text: string, options: TargetOptions): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('has a % that begins no percent-encoded character', options);
  }
}

function invalid(what: string, { address, passwordFile, passwordVariable }: TargetOptions): Error {
  return new Error(
    `the address of ${address} ${what}; allowed: ${FORM}, special characters of a password percent-encoded, or the password in ${passwordVariable} or ${passwordFile}`,
  );
}

function wholeNumber(name: string, text: string, most: number, { address }: TargetOptions): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new Error(`${name} in the address of ${address} is wrong; allowed: a whole number from 1 to ${most}`);
}

function sslMode(text = 'prefer', { address }: TargetOptions): SslMode {
  const found = SSL_MODES.find((mode) => mode === text);
  if (found === undefined)
    throw new Error(`sslmode in the address of ${address} is none that exists; allowed: ${SSL_MODES.join(', ')}`);
  return found;
}

function passwordOf(file: string, { passwordFile: option }: TargetOptions): string {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new Error(`${option} ${file} cannot be read (${code}); allowed: a file with the password in its first line`, {
      cause: error,
    });
  }
  const [password = ''] = content.split(/\r?\n/, 1);
  if (password === '') throw new Error(`the first line of ${option} ${file} is empty; allowed: the password`);
  return password;
}
