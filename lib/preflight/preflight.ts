import type { EnvironmentConfig } from '../config/schema/environment';
import { NotAnswered } from '../account/ask';
import type { Aws } from '../account/aws';
import { type Check, type Line, notChecked, shared, withoutAnswer } from './check';
import { askCaller, decideAccount, regionChecks } from './checks/account';
import { backupChecks } from './checks/backup';
import { bootstrapChecks } from './checks/bootstrap';
import { byHandChecks, placeholderChecks } from './checks/by-hand';
import { engineChecks } from './checks/engine';
import { nameChecks } from './checks/names';
import { pagerDutyChecks } from './checks/pager-duty';
import { quotaChecks } from './checks/quotas';
import { roleChecks } from './checks/roles';
import { stackChecks } from './checks/stacks';
import { subscriptionChecks } from './checks/subscriptions';
import { trailChecks } from './checks/trail';
import { zoneChecks } from './checks/zones';
import { askDeployed } from '../account/deployed';
import type { Wanted } from './wanted';

/** What preflight found. */
export interface Preflight {
  readonly environment: string;
  /** Null where AWS did not tell whose credentials these are. */
  readonly account: string | null;
  readonly region: string;
  readonly checks: readonly Line[];
}

/** Name of the only line where AWS cannot be asked. */
const CONNECTION = 'connection to AWS';

/** How preflight looks at an environment. */
export interface PreflightOptions {
  readonly config: EnvironmentConfig;
  readonly aws: Aws;
  /** Synthesizes the environment. Called only when the credentials and the regions are good. */
  readonly synthesize: () => Wanted;
  readonly onProgress?: (line: string) => void;
}

/** Asks the account whether the environment can be deployed. It only reads. */
export async function preflight(options: PreflightOptions): Promise<Preflight> {
  const { config, aws, synthesize, onProgress } = options;
  const environment = config.name;
  const report = { environment, account: null, region: config.region };
  try {
    onProgress?.('asking whose credentials these are');
    const caller = await askCaller(aws, config.region);
    const account = caller.Account ?? null;
    const first = [
      { name: 'account', ...decideAccount(caller, config) },
      ...(await run([...regionChecks(config), ...placeholderChecks(config)], aws)),
    ];
    if (first.some(({ name, status }) => status === 'refused' && /^(account|region )/.test(name))) {
      const rest = notChecked('the account or a region is not the right one', 'correct that first, and start it again');
      return { ...report, account, checks: [...first, { name: 'everything else', ...rest }] };
    }
    onProgress?.(`synthesizing ${environment}`);
    const checks = checksOf(synthesize());
    onProgress?.(`${checks.length} checks in ${account}`);
    return { ...report, account, checks: [...first, ...(await run(checks, aws))] };
  } catch (error) {
    if (!(error instanceof NotAnswered)) throw error;
    const line: Line = { name: CONNECTION, ...withoutAnswer(error), status: 'refused' };
    return { ...report, checks: [line] };
  }
}

function run(checks: readonly Check[], aws: Aws): Promise<Line[]> {
  return Promise.all(checks.map((check) => check.run(aws)));
}

/** Every check of an environment whose account and regions are known, in the order of a deployment. */
function checksOf(wanted: Wanted): Check[] {
  const deployed = shared((aws) => askDeployed(aws, wanted.stacks));
  return [
    ...bootstrapChecks(wanted),
    ...zoneChecks(wanted),
    ...engineChecks(wanted),
    ...quotaChecks(wanted, deployed),
    ...stackChecks(deployed),
    ...nameChecks(wanted, deployed),
    ...trailChecks(wanted),
    ...backupChecks(wanted),
    ...pagerDutyChecks(wanted),
    ...roleChecks(wanted),
    ...subscriptionChecks(wanted, deployed),
    ...byHandChecks(wanted.config),
  ];
}

/** Whether nothing is refused. */
export function isReady({ checks }: Preflight): boolean {
  return checks.every(({ status }) => status !== 'refused');
}

/** The result for people: a line for each check and what to do; one sentence where AWS cannot be asked. */
export function preflightText({ environment, account, region, checks }: Preflight): string {
  const [only] = checks;
  if (only?.name === CONNECTION) return `nothing was checked: ${only.found}; ${only.action}`;
  const count = (status: Line['status']) => checks.filter((line) => line.status === status).length;
  return [
    `${environment} in account ${account}, ${region}`,
    ...checks.flatMap(lineText),
    `${count('refused')} refused, ${count('warning')} warnings, ${count('not checked')} not checked, ${count('ok')} ok`,
  ].join('\n');
}

function lineText({ name, status, found, allowed, action }: Line): string[] {
  const limits = allowed === undefined ? '' : `; allowed: ${allowed}`;
  return [
    `  ${status.padEnd(11)}  ${name}: ${found}${limits}`,
    ...(action === undefined ? [] : [`${' '.repeat(15)}do: ${action}`]),
  ];
}
