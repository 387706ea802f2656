import { formatCount } from '../../shared/formats';
import type { Obstacle } from './obstacle';
import type { Plan } from './plan';

/** Bytes for people, such as `1,024 MB`. */
function megabytes(bytes: number): string {
  return `${formatCount(Math.ceil(bytes / 1e6))} MB`;
}

/** A plan for people: what is moved, how long it takes, and each obstacle with what to do; those that stop it come first. */
export function planText({ method, source, target, tables, estimate, obstacles, ok }: Plan): string {
  const blocking = obstacles.filter((each) => each.blocking);
  const width = Math.max(5, ...tables.map(({ name }) => name.length));
  return [
    `from ${source}`,
    `to   ${target}`,
    `by   ${method === 'logical' ? 'logical replication; writes stop for seconds' : 'COPY in a planned window; writes stop for the whole copy'}`,
    '',
    ...tables.map(
      ({ name, rows, isExact, bytes }) =>
        `  ${name.padEnd(width)}  ${(isExact ? '' : 'about ') + formatCount(Math.max(0, rows))} rows, ${megabytes(bytes)}`,
    ),
    '',
    `copy: about ${minutes(estimate.copySeconds)}; the target needs about ${megabytes(estimate.diskBytes)} of disk`,
    '',
    ...list('In the way:', blocking),
    ...list(
      'To know:',
      obstacles.filter((each) => !each.blocking),
    ),
    ok ? 'ok: nothing stands in the way' : `not ok: ${blocking.length} in the way`,
  ].join('\n');
}

/** The obstacles that stop an import, each with what to do, for the message of an error. */
export function blockingText(plan: Plan): string {
  return list(
    'In the way:',
    plan.obstacles.filter(({ blocking }) => blocking),
  )
    .join('\n')
    .trim();
}

function list(title: string, obstacles: readonly Obstacle[]): string[] {
  if (obstacles.length === 0) return [];
  return [title, ...obstacles.map(({ id, sentence, action }) => `  ${id}: ${sentence}\n    → ${action}`), ''];
}

function minutes(seconds: number): string {
  return seconds < 90 ? `${seconds} s` : `${formatCount(Math.ceil(seconds / 60))} minutes`;
}
