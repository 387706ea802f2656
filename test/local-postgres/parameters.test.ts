import { ENVIRONMENT_NAMES, loadEnvironment } from '../../lib/config';
import { localParameters, resolveFormula } from '../../lib/local-postgres/parameters';
import { startCluster } from '../../lib/local-postgres/cluster';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import { synthesize } from '../support/synth';

/** Memory of the classes in use, GiB (aws.amazon.com/rds/instance-types). */
const CLASS_MEMORY_GIB: Record<string, number> = { 'r6g.xlarge': 32, 't4g.large': 8, 't4g.medium': 4 };
/** Share of the memory that DBInstanceClassMemory is. It is unconfirmed, so the values must be valid at both ends of the range. */
const MEMORY_SHARES = [0.85, 1];

interface Setting {
  readonly name: string;
  readonly vartype: 'bool' | 'enum' | 'integer' | 'real' | 'string';
  readonly min_val: string | null;
  readonly max_val: string | null;
  readonly enumvals: string[] | null;
}

let settings: ReadonlyMap<string, Setting>;

beforeAll(async () => {
  const folder = new RunFolder();
  try {
    const cluster = await startCluster({
      folder,
      replicas: 0,
      database: 'whatsapp_saas',
      master: { user: 'database_admin', password: 'master-password' },
      // PostgreSQL knows the parameters of a library once it is loaded.
      parameters: { shared_preload_libraries: 'pg_stat_statements,auto_explain' },
    });
    const client = await cluster.connect(cluster.primary);
    const { rows } = await client.query<Setting>('SELECT name, vartype, min_val, max_val, enumvals FROM pg_settings');
    settings = new Map(rows.map((row) => [row.name, row]));
    await client.end();
  } finally {
    folder.dispose();
  }
}, 60_000);

/** The reason why PostgreSQL rejects a value; undefined: it accepts the value. */
function fault(name: string, value: string): string | undefined {
  const setting = settings.get(name);
  if (!setting) return `${name} is not a parameter of PostgreSQL 15`;
  const { vartype, min_val, max_val, enumvals } = setting;
  switch (vartype) {
    case 'bool':
      return ['0', '1'].includes(value) ? undefined : `${name} is "${value}"; allowed: 0, 1`;
    case 'enum':
      return enumvals?.includes(value) ? undefined : `${name} is "${value}"; allowed: ${String(enumvals)}`;
    case 'integer':
    case 'real': {
      const isNumber = vartype === 'integer' ? /^-?\d+$/.test(value) : /^-?\d+(\.\d+)?$/.test(value);
      const isWithin = Number(value) >= Number(min_val) && Number(value) <= Number(max_val);
      return isNumber && isWithin ? undefined : `${name} is "${value}"; allowed: ${min_val} to ${max_val}`;
    }
    case 'string':
      return undefined;
  }
}

/** The invalid values of a parameter group on servers of a class, with the reasons. */
function faults(group: Readonly<Record<string, string>>, instanceClass: string): string[] {
  const gibibytes = CLASS_MEMORY_GIB[instanceClass];
  if (gibibytes === undefined) throw new Error(`CLASS_MEMORY_GIB has no class ${instanceClass}; add its memory`);
  const { left } = localParameters(group);
  return MEMORY_SHARES.flatMap((share) =>
    Object.entries(group)
      .filter(([name]) => !left.includes(name))
      .map(([name, value]) => fault(name, resolveFormula(value, Math.floor(gibibytes * share * 2 ** 30))))
      .filter((found) => found !== undefined),
  );
}

function groups(name: (typeof ENVIRONMENT_NAMES)[number]): Record<string, string>[] {
  const found = synthesize(name).database.findResources('AWS::RDS::DBParameterGroup');
  return Object.values(found).map(
    (group) => (group['Properties'] as { Parameters: Record<string, string> }).Parameters,
  );
}

test.each(ENVIRONMENT_NAMES)('%s: PostgreSQL 15 accepts every parameter, evaluated for the real classes', (name) => {
  const { database, replicas } = loadEnvironment(name);
  const classes = new Set([
    database.instanceClass,
    ...replicas.map((each) => each.instanceClass ?? database.instanceClass),
  ]);
  const parameterGroups = groups(name);
  expect(parameterGroups).toHaveLength(replicas.length > 0 ? 2 : 1);
  for (const group of parameterGroups) {
    expect(Object.keys(group).length).toBeGreaterThan(30);
    expect(localParameters(group).left).toEqual([
      'rds.force_ssl',
      'rds.accepted_password_auth_method',
      'pgaudit.log',
      'pgaudit.log_parameter',
    ]);
    for (const instanceClass of classes) expect(faults(group, instanceClass)).toEqual([]);
  }
});

test('the formulas result in a quarter and three quarters of the memory', () => {
  const [primary] = groups('production');
  const pages = (name: string) => Number(resolveFormula(primary?.[name] ?? '', 32 * 2 ** 30));
  expect([pages('shared_buffers') * 8192, pages('effective_cache_size') * 8192]).toEqual([8 * 2 ** 30, 24 * 2 ** 30]);
});

test('the same check rejects values of the owner’s document that RDS would read in other units', () => {
  const owners = { shared_buffers: '{DBInstanceClassMemory/4}', effective_cache_size: '{DBInstanceClassMemory*3/4}' };
  expect(faults(owners, 'r6g.xlarge').slice(-2)).toEqual([
    'shared_buffers is "8589934592"; allowed: 16 to 1073741823',
    'effective_cache_size is "25769803776"; allowed: 1 to 2147483647',
  ]);
  expect(
    faults({ max_wal_size: '4GB', log_statement: 'writes', autovacuum: 'yes', no_such: '1' }, 't4g.large').slice(-4),
  ).toEqual([
    'max_wal_size is "4GB"; allowed: 2 to 2147483647',
    'log_statement is "writes"; allowed: none,ddl,mod,all',
    'autovacuum is "yes"; allowed: 0, 1',
    'no_such is not a parameter of PostgreSQL 15',
  ]);
});
