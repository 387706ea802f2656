import { GetRoleCommand } from '@aws-sdk/client-iam';
import { askFor } from '../../account/ask';
import { type Check, check, type Finding, ok, refused, warning } from '../check';
import type { Wanted } from '../wanted';

/** A service-linked role, and the type of resource that needs it. */
interface ServiceRole {
  readonly name: string;
  readonly service: string;
  readonly neededBy: string;
  /** Whether the service makes it when it is first used; the first use after that may still fail. */
  readonly madeByItself: boolean;
}

/** From "Using service-linked roles" of the RDS User Guide and the AWS Backup developer guide. */
const SERVICE_ROLES: readonly ServiceRole[] = [
  {
    name: 'AWSServiceRoleForRDS',
    service: 'rds.amazonaws.com',
    neededBy: 'AWS::RDS::DBInstance',
    madeByItself: true,
  },
  {
    name: 'AWSServiceRoleForBackup',
    service: 'backup.amazonaws.com',
    neededBy: 'AWS::Backup::BackupVault',
    madeByItself: true,
  },
  {
    name: 'AWSServiceRoleForBackupRestoreTesting',
    service: 'restore-testing.backup.amazonaws.com',
    neededBy: 'AWS::Backup::RestoreTestingPlan',
    madeByItself: true,
  },
  {
    name: 'AWSServiceRoleForBackupReports',
    service: 'reports.backup.amazonaws.com',
    neededBy: 'AWS::Backup::ReportPlan',
    madeByItself: false,
  },
];

/** Whether the account has the service-linked roles of what the templates have. */
export function roleChecks({ config, resources }: Wanted): Check[] {
  return SERVICE_ROLES.filter(({ neededBy }) => resources.some(({ type }) => type === neededBy)).map((role) =>
    check(
      `role ${role.name}`,
      (aws) =>
        askFor('iam:GetRole', /^NoSuchEntity/, () =>
          aws(config.region).iam.send(new GetRoleCommand({ RoleName: role.name })),
        ),
      (answer) => decideRole(answer !== undefined, role),
    ),
  );
}

function decideRole(exists: boolean, { service, neededBy, madeByItself }: ServiceRole): Finding {
  if (exists) return ok('exists');
  const action = `aws iam create-service-linked-role --aws-service-name ${service}`;
  if (!madeByItself) return refused(`missing; ${neededBy} needs it`, 'the role exists', action);
  return warning('missing; the service makes it at its first use, which may fail once in a new account', action);
}
