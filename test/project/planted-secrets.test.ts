import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readInput } from '../../lambda/drill/input';
import { readEnv as collectorEnv } from '../../lambda/collector/env';
import { readEnv as drillEnv } from '../../lambda/drill/env';
import { readEnv as checkEnv } from '../../lambda/drill-check/env';
import { readEnv as inspectorEnv } from '../../lambda/inspector/env';
import { readEnv as migrateEnv } from '../../lambda/migrate/env';
import { InvalidConfig, parseEnvironment } from '../../lib/config/parse';
import { describeFinding, lintMigrations } from '../../lib/migration-lint/lint';
import { parseAlerts } from '../../lib/monitoring/alerts';
import { variantInputs, VARIANTS } from '../review/variants';
import { ROOT } from '../support/cli';
import { runFolder } from '../support/run/shared';
import { schemaFields } from '../support/schema-fields';
import { SECRETS } from '../support/secrets';

/** The message of what a function throws; fails where it throws nothing. */
function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? `${error.name} ${error.message}\n${error.stack}` : String(error);
  }
  throw new Error('it was accepted');
}

/** Sets what is at a path, the first entry for `*`. Returns whether the input has a text there. */
function plant(input: unknown, [key = '', ...rest]: readonly string[], secret: string): boolean {
  if (typeof input !== 'object' || input === null) return false;
  const record = input as Record<string, unknown>;
  const [own] = key === '*' ? Object.keys(record) : [key];
  if (own === undefined || record[own] === undefined) return false;
  if (rest.length > 0) return plant(record[own], rest, secret);
  const isText = typeof record[own] === 'string';
  record[own] = secret;
  return isText;
}

const PATHS = schemaFields()
  .map(({ path }) => path)
  .filter(([first]) => first !== 'name');

describe.each(VARIANTS)('the configuration of %s', (variant) => {
  const input = variantInputs(variant)['production']!;
  const paths = PATHS.filter((path) => plant(structuredClone(input), path, 'x'));

  test.each(paths.map((path) => [path.join('.'), path] as const))(
    '%s: a secret is refused and not repeated',
    (_, path) => {
      for (const [kind, secret] of SECRETS) {
        const draft = structuredClone(input);
        plant(draft, path, secret);
        const message = messageOf(() => parseEnvironment('production', draft));
        expect(message).toContain(`looks like ${kind}; a secret must never be in a file`);
        expect(message).not.toContain(secret);
      }
    },
  );
});

test.each(SECRETS)('%s as the name of a field of the configuration is not repeated', (_, secret) => {
  const [input] = VARIANTS.map((variant) => variantInputs(variant)['production']!);
  const message = messageOf(() => parseEnvironment('production', { ...input, [secret]: 1 }));
  expect(message).toContain(InvalidConfig.name);
  expect(message).not.toContain(secret);
});

test.each(SECRETS)('%s in the input of a drill is not repeated', (_, secret) => {
  for (const input of [
    { table: secret },
    { drill: secret },
    { targetTime: secret },
    { keepTable: secret },
    { [secret]: 1 },
    { table: { inner: [secret] } },
    secret,
  ])
    for (const purpose of ['drill', 'recovery'] as const)
      expect(messageOf(() => readInput(input, purpose))).not.toContain(secret);
});

test.each([
  ['collector', collectorEnv, ['SERVERS']],
  ['drill', drillEnv, ['SOURCE', 'RESTORE']],
  ['drill-check', checkEnv, ['SOURCE', 'COPIES']],
  ['inspector', inspectorEnv, ['SERVERS', 'TOPICS']],
] as const)('%s does not repeat a secret in a variable that should hold JSON', (_, readEnv, names) => {
  for (const name of names) {
    for (const [, secret] of SECRETS) {
      // Every variable is there, so that only the one in question is wrong.
      const variables = new Proxy<Record<string, string>>({}, { get: (_none, key) => (key === name ? secret : '{}') });
      const message = messageOf(() => readEnv(variables));
      expect(message).toContain(`environment variable ${name} is no JSON`);
      expect(message).not.toContain(secret);
    }
  }
});

test.each([
  ['collector', collectorEnv],
  ['drill', drillEnv],
  ['drill-check', checkEnv],
  ['inspector', inspectorEnv],
  ['migrate', migrateEnv],
] as const)('%s does not repeat its variables where one is missing', (_, readEnv) => {
  for (const [, secret] of SECRETS)
    expect(messageOf(() => readEnv({ AWS_REGION: secret, ENVIRONMENT: secret }))).not.toContain(secret);
});

test.each(SECRETS)('%s in a migration is refused and not repeated', async (_, secret) => {
  const literal = `'${secret.replaceAll("'", "''")}'`;
  for (const sql of [
    `SELECT ${literal};`,
    `ALTER ROLE app_user PASSWORD ${literal};`,
    `SELECT 1 ${literal} ${literal};`,
  ]) {
    const findings = await lintMigrations([{ name: '20260101000000_planted', sql, checksum: '' }]);
    expect([sql, findings.length > 0]).toEqual([sql, true]);
    expect(findings.map(describeFinding).join('\n')).not.toContain(secret);
  }
});

test.each(SECRETS)('%s in alerts.yml is not repeated', (_, secret) => {
  const file = (rule: string) => `groups:\n  - name: g\n    rules:\n      - ${rule}\n`;
  for (const rule of [
    `{ alert: X, for: ${JSON.stringify(secret)} }`,
    `{ alert: X, expr: 1, ${JSON.stringify(secret)}: 1 }`,
  ])
    expect(messageOf(() => parseAlerts(file(rule)))).not.toContain(secret);
});

test('nothing of the environment’s variables is in an assembly', () => {
  const outdir = mkdtempSync(join(runFolder(), 'planted-'));
  const planted = Object.fromEntries(SECRETS.map(([, secret], i) => [`PLANTED_${i}`, secret]));
  const [, awsKey = ''] = SECRETS.find(([kind]) => kind === 'a secret key of AWS') ?? [];
  const code = `const { createApp } = require('./lib/app'); createApp({ environments: ['dev'], outdir: ${JSON.stringify(outdir)} }).synth();`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', 'tsx/cjs', '-e', code], {
    cwd: ROOT,
    encoding: 'utf8',
    env: {
      ...process.env,
      ...planted,
      AWS_SECRET_ACCESS_KEY: awsKey,
      PGPASSWORD: awsKey,
      DATABASE_URL: planted['PLANTED_9'],
    },
  });
  expect([status, stderr.replaceAll(/^Bundling.*\n/gm, '')]).toEqual([0, '']);
  const files = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(20);
  const texts = [stdout, stderr, ...files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))];
  for (const [kind, secret] of SECRETS)
    expect([kind, texts.filter((text) => text.includes(secret)).length]).toEqual([kind, 0]);
}, 60_000);
