import { GetSecretValueCommand, type GetSecretValueResponse } from '@aws-sdk/client-secrets-manager';
import { askFor } from '../../account/ask';
import { type Check, check, type Finding, ok, refused } from '../check';
import type { Wanted } from '../wanted';

/** Whether the secret with PagerDuty's integration key exists and has the form of a key. The key itself is never printed. */
export function pagerDutyChecks({ config }: Wanted): Check[] {
  const { pagerDuty } = config.notifications;
  if (!pagerDuty) return [];
  const name = pagerDuty.integrationKeySecretName;
  return [
    check(
      'PagerDuty secret',
      (aws) =>
        // InvalidRequestException: the secret is marked for deletion.
        askFor('secretsmanager:GetSecretValue', /^(ResourceNotFound|InvalidRequest)/, () =>
          aws(config.region).secretsManager.send(new GetSecretValueCommand({ SecretId: name })),
        ),
      (secret) => decideSecret(secret, name, config.region),
    ),
  ];
}

function decideSecret(secret: GetSecretValueResponse | undefined, name: string, region: string): Finding {
  const allowed = 'a secret whose whole text is the integration key: letters and digits, nothing around them';
  if (!secret) {
    return refused(
      `${name} does not exist in ${region}, or is marked for deletion`,
      allowed,
      `aws secretsmanager create-secret --region ${region} --name ${name} --secret-string file://<file with the key>`,
    );
  }
  const key = secret.SecretString ?? '';
  if (/^\w+$/.test(key)) return ok(`${name} has a key`);
  const fault = key.trim() === '' ? 'is empty' : 'has more than a key, such as JSON, blanks or a line break';
  return refused(
    `${name} ${fault}`,
    allowed,
    `aws secretsmanager put-secret-value --region ${region} --secret-id ${name} --secret-string file://<file with the key>`,
  );
}
