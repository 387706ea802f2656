import { placeholdersOf } from '../../config/derived/placeholders';
import type { EnvironmentConfig } from '../../config/schema/environment';
import { type Check, known, notChecked, ok, refused } from '../check';

/** Whether the configuration still has texts that a person must replace: one line for each. */
export function placeholderChecks(config: EnvironmentConfig): Check[] {
  const found = placeholdersOf(config);
  if (found.length === 0) return [known('placeholders', ok('none'))];
  return found.map(({ path, value }) =>
    known(
      `placeholder ${path}`,
      refused(JSON.stringify(value), 'what it stands for', `fill it in, in lib/config/${config.name}.ts`),
    ),
  );
}

/** What no call that this command may make tells: a person looks. */
export function byHandChecks({ notifications, backups, cache, region }: EnvironmentConfig): Check[] {
  const { slack } = notifications;
  return [
    known(
      'plan of the account',
      notChecked(
        'an account on the Free plan has no RDS Proxy, and not every class and retention',
        'aws freetier get-account-plan-state; upgrade to the Paid plan where it says FREE',
      ),
    ),
    ...(slack
      ? [
          known(
            'Slack workspace',
            notChecked(
              `the workspace ${slack.workspaceId} must be authorized, and the app invited to the channel ${slack.channelId}`,
              'aws chatbot describe-slack-workspaces --region us-east-2 must list it; else authorize it in the console of Amazon Q Developer in chat applications. Then type "/invite @Amazon Q" in the channel',
            ),
          ),
        ]
      : []),
    ...(cache
      ? [
          known(
            'cache',
            notChecked(
              `Valkey ${cache.engineVersion} on cache.${cache.nodeType}`,
              `aws elasticache describe-cache-engine-versions --engine valkey --region ${region} must list the version, and the console the node type; else change cache.engineVersion or cache.nodeType in lib/config`,
            ),
          ),
        ]
      : []),
    ...(backups.audit
      ? [
          known(
            'recorder of AWS Config',
            notChecked(
              'the audit of the backups needs it',
              'aws configservice describe-configuration-recorder-status must say "recording": true',
            ),
          ),
        ]
      : []),
    ...(backups.recoveryAccountVaultArn !== undefined
      ? [
          known(
            'vault of the recovery account',
            notChecked(
              backups.recoveryAccountVaultArn,
              'its policy must allow this account backup:CopyIntoBackupVault, and the organization cross-account backup',
            ),
          ),
        ]
      : []),
  ];
}
