import { z } from 'zod';

/** A region of AWS. */
export const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as "us-east-1"');

/** An availability zone of AWS. */
export const availabilityZone = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, 'an availability zone such as "us-east-1a"');

/** An instance class of RDS. */
export const instanceClass = z
  .string()
  .regex(/^(?!db\.)[a-z0-9]+\.[a-z0-9]+$/, 'an instance class without the "db." prefix, such as "r6g.xlarge"');

/** Switches off a setting that production keeps on; the reason is for the person who reviews it. */
export const optOut = z.strictObject({ enabled: z.literal(false), reason: z.string().min(10) });
/** `optOut`, for error messages. */
export const OPT_OUT = '{ enabled: false, reason: "a sentence" }';
