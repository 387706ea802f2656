import { z } from 'zod';
import { OPT_OUT, optOut, withoutRepetition } from './fields';

const approver = z
  .string()
  .regex(
    /^([\w+=,.@-]{1,64}|arn:aws:(iam|sts)::\d{12}:(user|role|assumed-role)\/[\w+=,.@/-]{1,512})$/,
    'the name of an IAM user, or the ARN of a user or role',
  );

const principal = z
  .string()
  .regex(/^arn:aws:iam::\d{12}:(user|role)\/[\w+=,.@/-]{1,512}$/, 'the ARN of an IAM user or role, without wildcards');

/**
 * Who recovers the database and who approves it. The recovery documents wait for an approval before they change anything. AWS does not compare
 * who starts with who approves: name different people in `operatorPrincipals` and `approverPrincipals`, and nobody can do both.
 */
export const recoverySchema = z
  .strictObject({
    /**
     * IAM users or roles that may approve, by name or ARN, ten at most. Default none: then everybody who may assume the role
     * RecoveryApproverRole can approve. The role is an output of the Operations stack and has no other permissions.
     */
    approvers: withoutRepetition(z.array(approver).max(10)).default([]),
    /**
     * Users and roles that may assume RecoveryApproverRole. Default none: then everybody of the account whose IAM policies allow it, but
     * the operators.
     */
    approverPrincipals: withoutRepetition(z.array(principal).max(20)).default([]),
    /**
     * Users and roles that may assume RecoveryOperatorRole, which starts recovery documents and drills, and reads. Default none: then
     * everybody of the account whose IAM policies allow it.
     */
    operatorPrincipals: withoutRepetition(z.array(principal).max(20)).default([]),
    /**
     * Whether both roles are assumed only with MFA. Written `true` or an opt-out. Default true. IAM Identity Center and another role do not pass their MFA on: switch it off
     * where people come from there, and require MFA there.
     */
    mfa: z
      .union([z.literal(true), optOut], { error: `true, or ${OPT_OUT}` })
      .default(true)
      .transform((value) => (value === true ? ({ enabled: true } as const) : value)),
    /** How many of them must agree. Default 1. */
    approvals: z.int().min(1).max(10).default(1),
  })
  .prefault({});
