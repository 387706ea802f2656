import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { describeIssue } from '../shared/faults';
import file from './usage.json';

const amount = z.number().nonnegative();
const share = z.number().positive().max(1);

/** What nobody knows in advance, a month unless it says otherwise. `npm run cost -- --usage <file>` takes another file. */
const FIELDS = {
  restoredHours: [amount, 'hours that a restored instance exists'],
  dataShare: [share, 'share of the allocated storage that holds data'],
  dailyChange: [share, 'share of the data that is rewritten in a day, which backups keep'],
  checkMinutes: [amount, 'minutes of the function that checks a restored instance'],
  serverLogGb: [amount, 'GB of log that a server writes'],
  flowLogGb: [amount, 'GB of flow log of a network'],
  functionLogGb: [amount, 'GB of log of a function'],
  proxyLogGb: [amount, 'GB of log of the proxy'],
  cacheLogGb: [amount, 'GB of log of the cache'],
  cacheDataGb: [amount, 'GB in the cache, which each of its snapshots has'],
  stateMachineLogGb: [amount, 'GB of log of a state machine'],
  enhancedMonitoringGb: [amount, 'GB of Enhanced Monitoring of a server'],
  collectorSeconds: [amount, 'seconds of a run of the collector, one a minute'],
  inspectorSeconds: [amount, 'seconds of a run of the inspector, one in five minutes'],
  otherFunctionSeconds: [amount, 'seconds in all of each other function'],
  keyRequests: [amount, 'requests to each key'],
  secretCalls: [amount, 'calls for each secret'],
  notifications: [amount, 'notifications of each topic, and mails'],
  endpointGb: [amount, 'GB through each interface endpoint'],
  natGb: [amount, 'GB through each NAT gateway'],
  recoveryRuns: [amount, 'runs of each recovery document, ten steps each, and of the table recovery'],
  bucketGb: [amount, 'GB in each bucket'],
  auditEvaluations: [amount, "evaluations of AWS Backup's audit"],
} as const;

/** A name of the usage file. */
export type UsageName = keyof typeof FIELDS;
/** The usage that is assumed, by name. */
export type Usage = Readonly<Record<UsageName, number>>;

const schema = z.strictObject(
  Object.fromEntries(Object.entries(FIELDS).map(([name, [type]]) => [name, type])) as Record<UsageName, z.ZodNumber>,
);

/** What a name of the usage file means. */
export function meaningOf(name: UsageName): string {
  return FIELDS[name][1];
}

/**
 * Checks a usage file.
 * @throws Error with a sentence for each fault
 */
function parseUsage(input: unknown, name: string): Usage {
  const { data, error } = schema.safeParse(input);
  if (data) return data;
  const faults = error.issues.flatMap((issue) => describeIssue(issue, input, 'the usage file'));
  throw new Error(`${name} is wrong:\n${faults.map((each) => `- ${each}`).join('\n')}`);
}

/** The assumptions of usage.json. */
export const DEFAULT_USAGE = parseUsage(file, 'lib/cost/usage.json');

/**
 * Reads a usage file.
 * @throws Error with a sentence when it cannot be read, is no JSON, or is wrong
 */
export function readUsage(path: string): Usage {
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(
      `${path} cannot be read as JSON (${error instanceof Error ? error.message : String(error)}); copy lib/cost/usage.json and edit it`,
    );
  }
  return parseUsage(input, path);
}
