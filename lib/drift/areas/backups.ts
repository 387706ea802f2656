import {
  DescribeBackupVaultCommand,
  type DescribeBackupVaultCommandOutput,
  GetBackupPlanCommand,
  GetBackupVaultAccessPolicyCommand,
  paginateListBackupSelections,
  type BackupPlan,
} from '@aws-sdk/client-backup';
import { askAll, askFor } from '../../account/ask';
import { keepsDenials, keepsLock } from '../../safe-change/guards';
import type { DeployedEnvironment, ExpectedResource } from '../deployed-environment';
import { area, type DriftAws, type Found, GONE, REDEPLOY } from '../finding';
import { matches } from '../matches';

interface Plan {
  readonly resource: ExpectedResource;
  /** Undefined where it was deleted. */
  readonly plan: BackupPlan | undefined;
  readonly selections: readonly string[];
}

interface Vault {
  readonly resource: ExpectedResource;
  /** Undefined where it was deleted. */
  readonly vault: DescribeBackupVaultCommandOutput | undefined;
  /** Undefined where it has none. */
  readonly policy: string | undefined;
}

type Properties = Readonly<Record<string, unknown>>;

/** The error for what does not exist (AWS Backup API reference). */
const ABSENT = /^ResourceNotFoundException/;

/** Plans with their selections. */
export const backupPlans = area('backup plans', readPlans, (plans) => plans.flatMap(decidePlan));

/** Vaults with their locks and policies. */
export const vaults = area('backup vaults', readVaults, (found) => found.flatMap(decideVault));

async function readPlans(aws: DriftAws, region: string, deployed: DeployedEnvironment): Promise<Plan[]> {
  const { backup } = aws(region);
  const selections = deployed.resources('AWS::Backup::BackupSelection', region);
  return Promise.all(
    deployed.resources('AWS::Backup::BackupPlan', region).map(async (resource) => {
      const BackupPlanId = resource.name;
      const answer = await askFor('backup:GetBackupPlan', ABSENT, () =>
        backup.send(new GetBackupPlanCommand({ BackupPlanId })),
      );
      const pages = paginateListBackupSelections({ client: backup }, { BackupPlanId });
      const all =
        answer &&
        (await askAll('backup:ListBackupSelections', pages, ({ BackupSelectionsList }) => BackupSelectionsList));
      const names = (all ?? []).flatMap(({ SelectionName = '' }) => SelectionName);
      const wanted = selections.filter(({ stack }) => stack === resource.stack).map(selectionName);
      const properties = { ...resource.properties, selections: wanted };
      return { resource: { ...resource, properties }, plan: answer?.BackupPlan, selections: names };
    }),
  );
}

function selectionName({ properties }: ExpectedResource): unknown {
  return (properties['BackupSelection'] as Properties | undefined)?.['SelectionName'];
}

function decidePlan({ resource, plan, selections }: Plan): Found[] {
  const wanted = resource.properties['BackupPlan'] as Properties;
  const name = String(wanted['BackupPlanName']);
  if (!plan) {
    const expected = 'the plan of the template; without it nothing is backed up';
    return [{ kind: 'backup plan missing', resource: name, found: 'no plan', expected, action: GONE }];
  }
  const changed = (found: string, expected: string): Found => ({
    ...{ kind: 'backup plan changed', resource: name, action: REDEPLOY },
    ...{ found, expected },
  });
  const rules = wanted['BackupPlanRule'] as readonly Properties[];
  const actual = (plan.Rules ?? []) as readonly unknown[] as readonly Properties[];
  const ruleNamed = (list: readonly Properties[], rule: unknown) => list.find((each) => each['RuleName'] === rule);
  return [
    ...rules.flatMap((rule) => {
      const { TargetBackupVault, ...others } = rule;
      const expected = { ...others, TargetBackupVaultName: TargetBackupVault };
      const found = ruleNamed(actual, rule['RuleName']);
      const title = `rule ${String(rule['RuleName'])}`;
      if (!found) return [changed(`${title} is not there`, JSON.stringify(expected))];
      return Object.entries(expected)
        .filter(([field, value]) => !matches(value, found[field] ?? absentAs(value)))
        .map(([field, value]) =>
          changed(`${title}: ${field} is ${JSON.stringify(found[field])}`, JSON.stringify(value)),
        );
    }),
    ...actual
      .filter((rule) => !ruleNamed(rules, rule['RuleName']))
      .map((rule) => changed(`rule ${String(rule['RuleName'] as string)} was added`, 'the rules of the template')),
    ...(resource.properties['selections'] as readonly unknown[])
      .filter((selection) => !selections.some((each) => matches(selection, each)))
      .map((selection) =>
        changed(`the selection ${String(selection)} was taken off: no server is backed up`, 'the selection'),
      ),
  ];
}

/** What AWS may leave out of its answer: an empty list, and what is switched off. */
function absentAs(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  return value === false ? false : undefined;
}

async function readVaults(aws: DriftAws, region: string, deployed: DeployedEnvironment): Promise<Vault[]> {
  const { backup } = aws(region);
  return Promise.all(
    deployed.resources('AWS::Backup::BackupVault', region).map(async (resource) => {
      const BackupVaultName = resource.name;
      const vault = await askFor('backup:DescribeBackupVault', ABSENT, () =>
        backup.send(new DescribeBackupVaultCommand({ BackupVaultName })),
      );
      const policy =
        vault &&
        (await askFor('backup:GetBackupVaultAccessPolicy', ABSENT, () =>
          backup.send(new GetBackupVaultAccessPolicyCommand({ BackupVaultName })),
        ));
      return { resource, vault, policy: policy?.Policy };
    }),
  );
}

function decideVault({ resource: { name: resource, properties }, vault, policy }: Vault): Found[] {
  if (!vault) {
    const expected = 'the vault of the template, with its recovery points';
    return [{ kind: 'vault missing', resource, found: 'no vault', expected, action: GONE }];
  }
  const { Locked, MinRetentionDays, MaxRetentionDays } = vault;
  const lock = properties['LockConfiguration'] as Properties | undefined;
  const actualLock =
    Locked === true || MinRetentionDays !== undefined ? { MinRetentionDays, MaxRetentionDays } : undefined;
  // The mode is not part of the answer as the template has it: LockDate is set once a lock in compliance mode is final or will be.
  const lockLost = lock && keepsLock({ ...lock, ChangeableForDays: undefined }, actualLock);
  const denialsLost = keepsDenials(sameForm(properties['AccessPolicy']), policy && sameForm(JSON.parse(policy)));
  const as = `--backup-vault-name ${resource}, with the values of the template`;
  return [
    ...(lockLost === undefined
      ? []
      : [
          {
            ...{ kind: 'vault lock changed' as const, resource, found: lockLost, expected: JSON.stringify(lock) },
            action: `aws backup put-backup-vault-lock-configuration ${as}`,
          },
        ]),
    ...(denialsLost === undefined
      ? []
      : [
          {
            ...{ kind: 'vault policy changed' as const, resource, found: denialsLost },
            expected: 'the denials of the template',
            action: `aws backup put-backup-vault-access-policy ${as}`,
          },
        ]),
  ];
}

/** A policy in which a principal of everybody is written in one form: AWS may return the other one. */
function sameForm(policy: unknown): unknown {
  return JSON.parse(JSON.stringify(policy ?? null), (key, value: unknown) =>
    key === 'Principal' && value === '*' ? { AWS: '*' } : value,
  ) as unknown;
}
