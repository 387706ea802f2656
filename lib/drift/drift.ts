import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { ask, NotAnswered } from '../account/ask';
import { askDeployed, askTemplates } from '../account/deployed';
import type { AssemblyStack } from '../assembly/environment-assembly';
import type { EnvironmentConfig } from '../config/schema/environment';
import { alarms } from './areas/alarms';
import { backupPlans, vaults } from './areas/backups';
import { dashboards } from './areas/dashboards';
import { parameters } from './areas/parameters';
import { securityGroups } from './areas/security-groups';
import { servers } from './areas/servers';
import { subscriptions } from './areas/subscriptions';
import { DeployedEnvironment } from './deployed-environment';
import { UNKNOWN } from './matches';
import type { DriftAws, DriftServices, Finding } from './finding';

export type { DriftServices };

const AREAS = [alarms, dashboards, servers, parameters, securityGroups, backupPlans, vaults, subscriptions];

/** Something that could not be compared. */
interface NotChecked {
  readonly area: string;
  readonly region: string;
  readonly found: string;
  readonly action: string;
}

/** What differs between an account and the deployed templates of an environment. */
export interface Drift {
  readonly environment: string;
  readonly account: string;
  readonly findings: readonly Finding[];
  readonly notChecked: readonly NotChecked[];
  /** Comparisons that were made: areas times regions. */
  readonly compared: number;
}

/** A stack of the environment. */
export type DriftedStack = Pick<AssemblyStack, 'name' | 'region'>;

/** How the account is looked at. */
export interface DriftOptions {
  readonly config: Pick<EnvironmentConfig, 'name' | 'region' | 'accountId'>;
  readonly aws: DriftAws;
  /** The stacks of the environment, deployed or not. */
  readonly stacks: readonly DriftedStack[];
  /** Default: now. */
  readonly now?: Date;
  readonly onProgress?: (line: string) => void;
}

/**
 * Compares the account with what was deployed. It only reads.
 * @throws NotAnswered where the credentials are refused, or the stacks cannot be read; Error where the account is another one
 */
export async function drift({ config, aws, stacks, now = new Date(), onProgress }: DriftOptions): Promise<Drift> {
  onProgress?.('asking whose credentials these are');
  const caller = await ask('sts:GetCallerIdentity', () =>
    aws(config.region).sts.send(new GetCallerIdentityCommand({})),
  );
  const account = caller.Account ?? '';
  if (config.accountId !== undefined && config.accountId !== account) {
    throw new Error(
      `these credentials are those of account ${account}; allowed: ${config.accountId}, the accountId in lib/config/${config.name}.ts; choose the profile with AWS_PROFILE`,
    );
  }
  onProgress?.(`reading the stacks of ${config.name} in ${account}`);
  const found = await askDeployed(aws, stacks);
  const deployed = new DeployedEnvironment(config.name, account, found, await askTemplates(aws, found));
  const missing = stacks.filter(({ name }) => !found.some((stack) => stack.name === name)).map(missingStack);
  const looks = deployed.regions.flatMap((region) => AREAS.map((area) => ({ area, region })));
  onProgress?.(`${looks.length} comparisons`);
  const results = await Promise.all(
    looks.map(async ({ area, region }): Promise<readonly Finding[] | NotChecked> => {
      try {
        const found = await area.look(aws, region, deployed, now);
        return found.map((each) => ({ ...each, expected: each.expected.replaceAll(UNKNOWN, '…'), region }));
      } catch (error) {
        if (!(error instanceof NotAnswered) || error.reason === 'credentials') throw error;
        return { area: area.name, region, found: error.message, action: error.wayOut };
      }
    }),
  );
  const isFindings = (result: (typeof results)[number]): result is readonly Finding[] => Array.isArray(result);
  const notChecked = results.filter((result): result is NotChecked => !isFindings(result));
  return {
    environment: config.name,
    account,
    findings: [...missing, ...results.filter(isFindings).flat()],
    notChecked,
    compared: looks.length - notChecked.length,
  };
}

function missingStack({ name, region }: DriftedStack): Finding {
  return {
    kind: 'stack missing',
    region,
    resource: name,
    found: 'no stack',
    expected: 'the stack, if the environment was deployed with it',
    action: `npx cdk deploy '${name.replace('-', '/')}', or find out who deleted it (CloudTrail)`,
  };
}

/** Whether nothing differs; what could not be compared is no difference. */
export function isAsDeployed({ findings }: Drift): boolean {
  return findings.length === 0;
}

/** The result for people: a line for each finding and what to do, then what could not be compared. */
export function driftText({ environment, account, findings, notChecked, compared }: Drift): string {
  return [
    `${environment} in account ${account}: ${findings.length} findings in ${compared} comparisons, ${notChecked.length} not made`,
    ...findings.flatMap(({ kind, region, resource, found, expected, action }) => [
      `  ${kind.padEnd(27)}  ${resource} (${region}): ${found}; expected: ${expected}`,
      `${' '.repeat(31)}do: ${action}`,
    ]),
    ...notChecked.flatMap(({ area, region, found, action }) => [
      `  ${'not compared'.padEnd(27)}  ${area} (${region}): ${found}`,
      `${' '.repeat(31)}do: ${action}`,
    ]),
  ].join('\n');
}
