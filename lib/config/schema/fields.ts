import { z } from 'zod';

/** A region of AWS. */
export const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as "us-east-1"');

/** A class of RDS. */
export const instanceClass = z
  .string()
  .regex(/^(?!db\.)[a-z0-9]+\.[a-z0-9]+$/, 'an instance class without the "db." prefix, such as "r6g.xlarge"');
