import { z } from 'zod';
import { sentence } from '../fields';

/**
 * Changes that would lose data and are still let through, each until a date. Default none. `npm run diff` prints the entry that a refused
 * change needs.
 */
export const allowedChangesSchema = z
  .array(
    z.strictObject({
      /** `<stack>/<logical id>`, as `npm run diff` prints it. */
      resource: z
        .string()
        .regex(
          /^[A-Za-z][\w-]*\/[A-Za-z0-9]+$/,
          'a stack and a logical id, such as "production-Database/DatabasePrimary"',
        ),
      /** The properties that may change; "deletion" lets the removal of the resource through. */
      changes: z.array(z.string().regex(/^(deletion|[A-Z]\w*)$/, 'a property, such as "DBName", or "deletion"')).min(1),
      /** What happens to the data. */
      reason: sentence,
      /** The last day (UTC), at most 31 days ahead when it is used. */
      until: z.string().refine((text) => z.iso.date().safeParse(text).success, 'a date such as "2026-12-31"'),
    }),
  )
  .default([]);

/** A change that is let through. */
export type AllowedChange = z.output<typeof allowedChangesSchema>[number];
