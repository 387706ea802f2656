import { first, type Seed } from './seeds';

/** Backup plans and vaults that somebody changed. */
export const BACKUPS: readonly Seed[] = [
  ['backup plan missing', (home) => (home.plans = {}), /^whatsapp-saas-production$/, /no plan/, /nothing is backed up/],
  [
    'backup plan changed',
    (home) => first(home.plans).Rules?.shift(),
    /^whatsapp-saas-production$/,
    /^rule continuous is not there$/,
    /DeleteAfterDays/,
  ],
  [
    'backup plan changed',
    (home) => (first(home.plans).Rules![1]!.Lifecycle = { DeleteAfterDays: 1 }),
    /^whatsapp-saas-production$/,
    /^rule daily: Lifecycle is .*1/,
    /7/,
  ],
  [
    'backup plan changed',
    (home) => (first(home.plans).Rules![1]!.CopyActions = []),
    /^whatsapp-saas-production$/,
    /^rule daily: CopyActions is \[\]/,
    /us-west-2/,
  ],
  [
    'backup plan changed',
    (home) => first(home.plans).Rules?.push({ RuleName: 'mine', TargetBackupVaultName: 'Default' }),
    /^whatsapp-saas-production$/,
    /^rule mine was added$/,
    /template/,
  ],
  [
    'backup plan changed',
    (home) => (home.selections = {}),
    /^whatsapp-saas-production$/,
    /selection Selection was taken off/,
    /selection/,
  ],
  ['vault missing', (_, away) => (away.vaults = {}), /RecoveryVault/, /no vault/, /recovery points/],
  [
    'vault lock changed',
    (home) => Object.assign(first(home.vaults, 'BackupsVault'), { Locked: false, MinRetentionDays: undefined }),
    /BackupsVault/,
    /lock of the vault is taken off/,
    /MinRetentionDays/,
  ],
  [
    'vault lock changed',
    (_, away) => (first(away.vaults).MinRetentionDays = 1),
    /RecoveryVault/,
    /1 days instead of 7/,
    /MinRetentionDays/,
  ],
  [
    'vault policy changed',
    (home) => (first(home.vaults, 'BackupsVault').policy = undefined),
    /BackupsVault/,
    /backup:DeleteRecoveryPoint/,
    /denials/,
  ],
];
