import { z } from 'zod';
import { instanceClassesLike, instanceClassOf } from '../aws/instance-classes';
import { REGIONS, zonesOf } from '../aws/regions';
import { isPrivate, parseCidr } from '../derived/ipv4';

/** A text with a character that is not white space, and without line breaks. */
export const line = z.string().regex(/^(?=.*\S)[^\p{Cc}\u2028\u2029]*$/u, 'a line of text that is not blank');

/** A region of AWS. */
export const region = z
  .string()
  .refine((name) => REGIONS.includes(name), `a region of AWS’s partition "aws": ${REGIONS.join(', ')}`);

/** An availability zone of AWS. */
export const availabilityZone = z.string().refine((zone) => zonesOf(zone.slice(0, -1)).includes(zone), {
  error: ({ input }) => {
    const zones = zonesOf(String(input).replace(/[^\d]*$/, ''));
    return zones.length > 0 ? zones.join(', ') : 'an availability zone of a region, such as "us-east-1a"';
  },
});

/** An instance class of RDS for PostgreSQL. */
export const instanceClass = z
  .string()
  .regex(/^(?!db\.)[a-z0-9]+\.[a-z0-9]+$/, {
    error: 'an instance class without the "db." prefix, such as "r6g.xlarge"',
    abort: true,
  })
  .refine((name) => instanceClassOf(name) !== undefined, {
    error: ({ input }) => `a class that RDS has for PostgreSQL: ${instanceClassesLike(String(input))}`,
  });

/** A range of private IPv4 addresses, /16 to /24. */
export const cidr = z.string().superRefine((text, context) => {
  const message = cidrFault(text);
  if (message) context.addIssue({ code: 'custom', message });
});

function cidrFault(text: string): string | undefined {
  const range = parseCidr(text);
  if (!range || range.prefix < 16 || range.prefix > 24) return 'an IPv4 CIDR from /16 to /24';
  if (!isPrivate(range)) return 'private addresses, of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10';
  return range.address === range.first ? undefined : `"${range.first}/${range.prefix}", the start of that range`;
}

/** A reason, for the person who reviews it. */
export const sentence = z
  .string()
  .regex(/^(?=.*\S.{8,}\S)\P{Cc}*$/u, 'a sentence of at least 10 characters, in one line');

/** Switches off a setting that production keeps on; the reason is for the person who reviews it. */
export const optOut = z.strictObject({
  enabled: z.literal(false),
  reason: sentence,
});
/** `optOut`, for error messages. */
export const OPT_OUT = '{ enabled: false, reason: "a sentence" }';

/** A list in which nothing may stand twice; letters count the same in either case. */
export function withoutRepetition<List extends z.ZodArray<z.ZodString | z.ZodEmail>>(list: List) {
  return list.superRefine((values, context) => {
    const lower = values.map((value) => String(value).toLowerCase());
    lower.forEach((value, index) => {
      if (lower.indexOf(value) < index)
        context.addIssue({ code: 'custom', path: [index], message: 'each entry once; this one is there before' });
    });
  });
}
