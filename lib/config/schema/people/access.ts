import { z } from 'zod';
import { OPT_OUT, optOut, withoutRepetition } from '../fields';

const person = z
  .string()
  .regex(
    /^arn:aws:iam::\d{12}:(user|role)\/[\w+=,.@/-]{1,512}$/,
    'the ARN of an IAM user or role, such as "arn:aws:iam::123456789012:user/ada"',
  );

/**
 * How people reach the servers: sessions of Systems Manager through a small instance without a public address, an inbound rule or an SSH
 * key. Default: off, nobody does.
 */
export const accessSchema = z.strictObject({
  /** IAM users and roles that may become dba_user, and in an emergency the master user; both by assuming a role. At least one. */
  people: withoutRepetition(z.array(person).min(1).max(20)),
  /**
   * Whether IAM must see a second factor when a person assumes the role. Default true. Switch it off only for roles of an identity provider
   * that asks for the second factor itself, such as IAM Identity Center: its sessions do not tell IAM (IAM User Guide,
   * "aws:MultiFactorAuthPresent").
   */
  mfa: z
    .union([z.literal(true), optOut], { error: `true, or ${OPT_OUT}` })
    .default(true)
    .transform((value) => value === true),
});

/** Settings of people's access, with all defaults filled in. */
export type AccessSettings = z.output<typeof accessSchema>;
