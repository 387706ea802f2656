import { z } from 'zod';
import { withoutRepetition } from './fields';

const approver = z
  .string()
  .regex(
    /^([\w+=,.@-]{1,64}|arn:aws:(iam|sts)::\d{12}:(user|role|assumed-role)\/[\w+=,.@/-]{1,512})$/,
    'the name of an IAM user, or the ARN of a user or role',
  );

/**
 * Approval of recoveries. The recovery documents wait for it before they change anything. An approver may approve a recovery that they
 * started.
 */
export const recoverySchema = z
  .strictObject({
    /**
     * IAM users or roles that may approve, by name or ARN, ten at most. Default none: then everybody who may assume the role
     * RecoveryApproverRole can approve. The role is an output of the Operations stack and has no other permissions.
     */
    approvers: withoutRepetition(z.array(approver).max(10)).default([]),
    /** How many of them must agree. Default 1. */
    approvals: z.int().min(1).max(10).default(1),
  })
  .prefault({});
