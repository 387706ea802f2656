const SECONDS = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 };

/** Seconds of a Prometheus duration such as `30s`, `5m` or `1h30m`; undefined for any other text. */
export function parseDuration(text: string): number | undefined {
  const match = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (!match || text === '') return undefined;
  const [, weeks, days, hours, minutes, seconds] = match;
  const parts = [
    [weeks, SECONDS.w],
    [days, SECONDS.d],
    [hours, SECONDS.h],
    [minutes, SECONDS.m],
    [seconds, SECONDS.s],
  ] as const;
  return parts.reduce((sum, [count, unit]) => sum + Number(count ?? 0) * unit, 0);
}

/** Formats seconds for people: `90 s`, `5 min`, `25 h`, `7 d`. */
export function formatDuration(seconds: number): string {
  const units = [
    ['d', SECONDS.d],
    ['h', SECONDS.h],
    ['min', SECONDS.m],
  ] as const;
  // Days only from two days on: 25 h reads better than a day and an hour.
  const unit = units.find(([name, size]) => seconds >= (name === 'd' ? 2 * size : size) && seconds % size === 0);
  return unit ? `${seconds / unit[1]} ${unit[0]}` : `${seconds} s`;
}
