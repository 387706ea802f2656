/** Default instance memory for the formulas of parameter groups, bytes: three servers must fit on a laptop. */
const DEFAULT_MEMORY_BYTES = 512 * 1024 * 1024;
/** Libraries that RDS has and the npm package of PostgreSQL does not have. */
const ABSENT_LIBRARIES = ['pgaudit'];

/** A parameter group translated for a local server. */
export interface LocalParameters {
  /** Values that PostgreSQL accepts, by name. */
  readonly applied: Record<string, string>;
  /** Names of parameters that exist on RDS only. */
  readonly left: string[];
  /** Whether the server refuses log-ins without TLS: rds.force_ssl, which is on by default (RDS User Guide, "Requiring an SSL connection"). */
  readonly forcesTls: boolean;
}

/**
 * Translates the parameters of a parameter group. Parameters of RDS and of absent libraries are left out.
 * @param memoryBytes the instance's memory, for formulas; default 512 MiB
 */
export function localParameters(
  group: Readonly<Record<string, string>>,
  memoryBytes = DEFAULT_MEMORY_BYTES,
): LocalParameters {
  const isAbsent = (name: string) =>
    name.startsWith('rds.') || ABSENT_LIBRARIES.some((library) => name.startsWith(`${library}.`));
  const entries = Object.entries(group).filter(([name]) => !isAbsent(name));
  return {
    applied: {
      ...Object.fromEntries(
        entries.map(([name, value]) => [
          name,
          name === 'shared_preload_libraries' ? withoutAbsent(value) : resolveFormula(value, memoryBytes),
        ]),
      ),
      ...(group['rds.logical_replication'] === '1' && { wal_level: 'logical' }),
    },
    left: Object.keys(group).filter(isAbsent),
    forcesTls: group['rds.force_ssl'] !== '0',
  };
}

/**
 * Evaluates the formulas of a parameter's value: `{DBInstanceClassMemory*3/32768}`, LEAST and GREATEST (RDS User Guide, "Specifying DB
 * parameters"). Divisions truncate. Other values are returned unchanged.
 */
export function resolveFormula(value: string, memoryBytes: number): string {
  const resolved = value.replace(
    /\{DBInstanceClassMemory(?:\*(\d+))?(?:\/(\d+))?\}/g,
    (_, times?: string, by?: string) => String(Math.floor((memoryBytes * Number(times ?? 1)) / Number(by ?? 1))),
  );
  const choice = /^(LEAST|GREATEST)\((\d+),(\d+)\)$/.exec(resolved);
  if (!choice) return resolved;
  const numbers = [Number(choice[2]), Number(choice[3])];
  return String(choice[1] === 'LEAST' ? Math.min(...numbers) : Math.max(...numbers));
}

function withoutAbsent(libraries: string): string {
  return libraries
    .split(',')
    .filter((library) => !ABSENT_LIBRARIES.includes(library))
    .join(',');
}
