import type { Line, Readiness } from './assess';
import { AREAS } from './check';
import { scoreOf } from './score';

/** The result for people: a table of the checks by area, what to do by weight, and how the score is derived. */
export function readinessText(readiness: Readiness): string {
  const { server, checks, invisible } = readiness;
  const role = server.isStandby ? 'standby' : 'primary';
  return [
    `${server.database} on PostgreSQL ${server.version} (${role}), as ${server.user}`,
    '',
    ...table(checks),
    '',
    ...toDo(checks),
    'No session can see:',
    ...invisible.map((each) => `  - ${each}`),
    '',
    ...derivation(readiness),
  ].join('\n');
}

function table(checks: readonly Line[]): string[] {
  const width = Math.max(...checks.map(({ name }) => name.length));
  return AREAS.flatMap((area) => {
    const lines = checks.filter((each) => each.area === area);
    const { score, weights } = scoreOf(lines);
    const counted = weights.passed + weights.failed + weights.notSeen;
    const head = counted === 0 ? area : `${area}: ${weights.passed} of ${counted} (${score} of 10)`;
    return [
      head,
      ...lines.map(
        ({ status, weight, name, found }) => `  ${status.padEnd(14)} ${weight}  ${name.padEnd(width)}  ${found}`,
      ),
    ];
  });
}

function toDo(checks: readonly Line[]): string[] {
  const open = checks.filter(({ action }) => action !== undefined).sort((a, b) => b.weight - a.weight);
  if (open.length === 0) return [];
  return [
    'To do, the heaviest first:',
    ...open.map(({ name, weight, action }) => `  ${weight}  ${name}: ${action}`),
    '',
  ];
}

function derivation({ score, atBest, weights: { passed, failed, notSeen } }: Readiness): string[] {
  return [
    `score: ${score.toFixed(1)} of 10 = 10 × ${passed} / ${passed + failed + notSeen}, by weight: ${passed} passed, ${failed} failed, ${notSeen} not seen`,
    ...(notSeen > 0 ? [`       ${atBest.toFixed(1)} if what was not seen is as it should be`] : []),
  ];
}
