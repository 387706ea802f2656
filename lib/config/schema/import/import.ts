import { z } from 'zod';
import { parseCidr } from '../../derived/ipv4';

/** A range of at most 256 IPv4 addresses, public ones too: the old server may be anywhere. */
const sourceRange = z.string().superRefine((text, context) => {
  const range = parseCidr(text);
  if (!range || range.prefix < 24)
    context.addIssue({ code: 'custom', message: 'an IPv4 CIDR from /24 to /32, such as "203.0.113.7/32"' });
  else if (range.address !== range.first)
    context.addIssue({ code: 'custom', message: `"${range.first}/${range.prefix}", the start of that range` });
});

/**
 * What the database needs while another one moves in: see lib/import/README.md. Delete the block when `npm run import -- finish` has run.
 *
 * It switches `rds.logical_replication` on, for the way back: a static parameter, so the primary has to be restarted once
 * (`aws rds reboot-db-instance`), and again after the block is deleted. Until then an alarm says that a parameter waits for a restart.
 */
export const importSchema = z.strictObject({
  /** Addresses of the old server, as the new one sees them. Both may connect to each other: the old one for the way back. */
  sourceCidrs: z.array(sourceRange).min(1).max(5),
  /** Port of the old server. Default 5432. */
  sourcePort: z.int().min(1).max(65535).default(5432),
});
