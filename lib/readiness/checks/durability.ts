import { check, type Finding, failed, noneOf, passed, WEIGHTS } from '../check';
import { settings } from '../database';

type Values = Readonly<Record<string, string>>;

/** The settings without which a crash loses what was acknowledged, or damages pages. */
const KEEPING = ['fsync', 'full_page_writes', 'synchronous_commit'];

/**
 * The day on which a major version ends: the second Thursday of November, five years after its year (postgresql.org, "Versioning Policy"
 * and "Roadmap"). Version 10 was the first of 2017, and each year has had one.
 * @param major 10 or later
 */
export function endOfMajor(major: number): Date {
  return secondThursday(2012 + major, 10);
}

/** Day of a scheduled release. */
function secondThursday(year: number, month: number): Date {
  const first = new Date(Date.UTC(year, month, 1)).getUTCDay();
  return new Date(Date.UTC(year, month, 1 + ((4 - first + 7) % 7) + 7));
}

/** The least minor version that was out a year before `now`: one each quarter from November of the first year, and unscheduled ones besides. */
function leastMinor(major: number, now: Date): number {
  const firstMinor = secondThursday(2007 + major, 10);
  const months =
    (now.getUTCFullYear() - firstMinor.getUTCFullYear()) * 12 + now.getUTCMonth() - firstMinor.getUTCMonth();
  return Math.max(0, Math.floor(months / 3) + 1 - 4);
}

/** Judges the version of the server. */
export function decideVersion({ version, now }: { readonly version: number; readonly now: Date }): Finding {
  const [major, minor] = [Math.floor(version / 10_000), version % 10_000];
  if (major < 10) return failed(`PostgreSQL of before version 10, whose support ended years ago`);
  const end = endOfMajor(major);
  const day = end.toISOString().slice(0, 10);
  if (now > end) return failed(`PostgreSQL ${major}.${minor}; its support ended on ${day}`);
  const least = leastMinor(major, now);
  if (minor < least)
    return failed(
      `PostgreSQL ${major}.${minor}, older than a year; at least ${major}.${least} is out`,
      'update to the latest minor version, which needs only a restart',
    );
  return passed(`PostgreSQL ${major}.${minor}, supported until ${day}`);
}

/** Judges the settings that keep what was committed. */
function decideKeeping(values: Values): Finding {
  return noneOf(
    KEEPING.filter((name) => values[name] === 'off').map((name) => `${name} is off`),
    KEEPING.join(', ') + ' are on',
  );
}

/** What keeps committed data, on the server itself. */
export const DURABILITY_CHECKS = [
  check({
    name: 'the version is supported',
    area: 'durability',
    weight: WEIGHTS.loss,
    question: 'Does the version still get fixes of security and of lost data, and has it those of a year ago?',
    action: 'upgrade to a supported major version; rehearse it on a copy',
    read: ({ facts, now }) => Promise.resolve({ version: facts.versionNumber, now }),
    decide: decideVersion,
  }),
  check({
    name: 'a crash loses nothing',
    area: 'durability',
    weight: WEIGHTS.loss,
    question: 'Are the settings on that keep every commit through a power cut?',
    action: 'switch them on and reload; then take a new base backup, because pages may be damaged already',
    read: (database) => settings(database, KEEPING),
    decide: decideKeeping,
  }),
  check({
    name: 'damaged pages are noticed',
    area: 'durability',
    weight: WEIGHTS.outage,
    question: 'Does every page have a checksum?',
    action:
      'enable them with pg_checksums while the server is stopped, or initialize a new server with --data-checksums',
    read: (database) => settings(database, ['data_checksums']),
    decide: ({ data_checksums: value }) =>
      value === 'on' ? passed('data_checksums is on') : failed('data_checksums is off'),
  }),
];
