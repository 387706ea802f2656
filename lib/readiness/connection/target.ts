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
const ENCODING = `special characters of a password percent-encoded, or the password in PGPASSWORD or --password-file`;

/**
 * Reads an address in the form of libpq. Parameters that it does not know, such as Prisma's, are ignored.
 * @param passwordFile file with the password in its first line; it takes precedence over one in the address
 * @throws Error with a sentence that repeats nothing of the address, because a mistyped one may have the password anywhere
 */
export function readTarget(address: string, passwordFile?: string): Target {
  const url = parse(address);
  const parameters = url.searchParams;
  const text = (name: string) => parameters.get(name) || undefined;
  const host = text('host') ?? decode(url.hostname).replace(/^\[(.*)\]$/, '$1');
  const user = text('user') ?? decode(url.username);
  if (host === '' || user === '') throw invalid(`names no ${host === '' ? 'host' : 'user'}`);
  return {
    host,
    user,
    port: wholeNumber('port', text('port') ?? (url.port || '5432'), 65_535),
    database: text('dbname') ?? (decode(url.pathname.slice(1)) || user),
    password:
      passwordFile === undefined ? (text('password') ?? (decode(url.password) || undefined)) : passwordOf(passwordFile),
    sslMode: sslMode(text('sslmode')),
    sslRootCert: text('sslrootcert'),
    connectTimeoutSeconds: wholeNumber(
      'connect_timeout',
      text('connect_timeout') ?? String(CONNECT_TIMEOUT_SECONDS),
      600,
    ),
  };
}

function parse(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  // An unencoded # / ? or @ in a password ends the part before it early: what follows would pass for a host, a database or a parameter.
  const isBroken = url && (url.hash !== '' || /[@/]/.test(url.pathname.slice(1)) || url.search.includes('@'));
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || isBroken) throw invalid('is not an address of PostgreSQL');
  return url;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('has a % that begins no percent-encoded character');
  }
}

function invalid(what: string): Error {
  return new Error(`the address of --url ${what}; allowed: ${FORM}, ${ENCODING}`);
}

function wholeNumber(name: string, text: string, most: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new Error(`${name} in the address of --url is wrong; allowed: a whole number from 1 to ${most}`);
}

function sslMode(text = 'prefer'): SslMode {
  const found = SSL_MODES.find((mode) => mode === text);
  if (found === undefined)
    throw new Error(`sslmode in the address of --url is none that exists; allowed: ${SSL_MODES.join(', ')}`);
  return found;
}

function passwordOf(file: string): string {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new Error(
      `--password-file ${file} cannot be read (${code}); allowed: a file with the password in its first line`,
      { cause: error },
    );
  }
  const [password = ''] = content.split(/\r?\n/, 1);
  if (password === '') throw new Error(`the first line of --password-file ${file} is empty; allowed: the password`);
  return password;
}
