/**
 * When RDS ends the standard support of PostgreSQL versions (RDS for PostgreSQL Release Notes, "Release calendar for Amazon RDS for
 * PostgreSQL", read in April 2026). Where the calendar gives only a month, this is the month's first day: better early than late.
 * 15.18 is newer than that reading. Its day is unconfirmed, inferred from the calendar: the minors of May and August end in September of
 * the following year (15.13 and 15.14), those of November and February in March.
 */
const ENGINE_SUPPORT = {
  majors: { '15': '2028-02-29' },
  minors: {
    '15.13': '2026-09-01',
    '15.14': '2026-09-01',
    '15.15': '2027-03-01',
    '15.16': '2027-03-01',
    '15.17': '2027-03-01',
    '15.18': '2027-09-01',
  },
} as const satisfies Record<'majors' | 'minors', Readonly<Record<string, string>>>;

/**
 * The day on which the standard support of a version ends: the day of its minor version, or of its major version when the calendar does
 * not list the minor yet. A minor older than the calendar's oldest gets the day of the oldest.
 * @param version such as `15.18`
 * @returns undefined for a major version that the calendar does not list
 */
export function supportEnd(version: string): Date | undefined {
  const [major = '', minor = ''] = version.split('.');
  const { majors, minors }: Record<'majors' | 'minors', Readonly<Record<string, string>>> = ENGINE_SUPPORT;
  const majorEnd = majors[major];
  if (majorEnd === undefined) return undefined;
  const named = Object.keys(minors).filter((each) => each.startsWith(`${major}.`));
  const oldest = named.sort((a, b) => minorOf(a) - minorOf(b))[0];
  const before = oldest !== undefined && Number(minor) < minorOf(oldest);
  const end = minors[version] ?? (before ? minors[oldest] : undefined) ?? majorEnd;
  return new Date(`${end}T00:00:00Z`);
}

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}
