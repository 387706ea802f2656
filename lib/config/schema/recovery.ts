import { z } from 'zod';

/**
 * Who agrees to a recovery. The documents of Systems Manager wait for it before they change anything; it does not stop a person who
 * is among the approvers from approving what they started themselves.
 */
export const recoverySchema = z
  .strictObject({
    /**
     * IAM users or roles who may approve, by name or ARN, ten at most. Default none: whoever may assume the role
     * RecoveryApproverRole, an output of the Operations stack, which can do nothing else.
     */
    approvers: z
      .array(
        z
          .string()
          .regex(
            /^([\w+=,.@-]{1,64}|arn:[\w-]+:(iam|sts)::\d{12}:(user|role|assumed-role)\/.{1,512})$/,
            'the name of an IAM user, or the ARN of a user or role',
          ),
      )
      .max(10)
      .default([]),
    /** How many of them must agree. Default 1. */
    approvals: z.int().min(1).max(10).default(1),
  })
  .prefault({});

/** Who agrees to a recovery, with all defaults filled in. */
export type Recovery = z.output<typeof recoverySchema>;
