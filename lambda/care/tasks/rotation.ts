import { DescribeSecretCommand, type DescribeSecretResponse } from '@aws-sdk/client-secrets-manager';
import type { Question } from '../aws';

const DAY_MS = 86_400_000;
/** Secrets Manager rotates within a window on its day (Secrets Manager User Guide, "Schedule expressions"; the window of this schedule is unconfirmed); a few days more mean that it failed. */
const GRACE_DAYS = 3;

/** Evidence that the passwords were rotated. Only dates are read, never a secret. */
export const rotation: Question = {
  title: 'Rotation of the passwords',
  applies: (settings) => settings.rotation !== undefined,
  ask: async ({ secretsManager }, settings, now) => {
    const { days, secrets } = settings.rotation!;
    const answers = await Promise.all(
      secrets.map(async ({ name, arn }) => ({
        name,
        secret: await secretsManager.send(new DescribeSecretCommand({ SecretId: arn })),
      })),
    );
    const judged = answers.map(({ name, secret }) => judge(name, secret, days, now));
    return { state: judged.some(({ look }) => look) ? 'look' : 'fine', lines: judged.map(({ line }) => line) };
  },
};

/** A secret that was never rotated counts from its creation. */
function judge(
  name: string,
  { RotationEnabled, LastRotatedDate, CreatedDate, NextRotationDate }: DescribeSecretResponse,
  days: number,
  now: Date,
): { readonly line: string; readonly look: boolean } {
  if (!RotationEnabled)
    return { line: `${name}: its rotation is switched off; expected: every ${days} days`, look: true };
  const since = LastRotatedDate ?? CreatedDate;
  if (!since)
    return { line: `${name}: Secrets Manager says neither when it was rotated nor when it was made`, look: true };
  const age = (now.getTime() - since.getTime()) / DAY_MS;
  const next = NextRotationDate ? `, next ${NextRotationDate.toISOString().slice(0, 10)}` : '';
  return {
    line: `${name}: ${LastRotatedDate ? 'last rotated' : 'made, and not rotated yet,'} ${since.toISOString().slice(0, 10)}${next}; it is to be every ${days} days`,
    look: age > days + GRACE_DAYS,
  };
}
