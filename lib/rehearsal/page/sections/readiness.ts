import type { ScoredDatabase } from '../../readiness/readiness-report';
import type { RehearsalReport } from '../../report';
import { drawChart } from '../chart';
import { type Html, html } from '../html';
import { details, list, section } from '../parts';

/** How ready the database was as found, and is on these servers, by area. */
export function readiness({ readiness: { before, after } }: RehearsalReport): Html {
  return section(
    'readiness',
    'Readiness',
    html`<p>${before.score} of 10 as found, ${after.score} after the migrations on these servers.</p>`,
    drawChart({
      description: `Points of readiness by area, as found and after the migrations: ${after.areas.map(({ area, points, of }) => `${area} ${pointsOf(before, area)} and ${points} of ${of}`).join(', ')}`,
      axis: { scale: 'value', from: 0, to: Math.max(...after.areas.map(({ of }) => of)), label: String },
      rows: after.areas.flatMap(({ area }) => [
        bar(`${area}, as found`, before, area, 'var(--soft)'),
        bar(`${area}, rehearsed`, after, area, 'var(--accent)'),
      ]),
    }),
    details('What failed in the database as found', list(before.failed)),
    after.failed.length === 0 ? undefined : details('What fails after the migrations', list(after.failed)),
  );
}

function bar(label: string, database: ScoredDatabase, area: string, color: string) {
  const to = pointsOf(database, area);
  const of = database.areas.find((each) => each.area === area)?.of ?? 0;
  return { label, spans: [{ from: 0, to, color, text: `${to} of ${of}` }] };
}

function pointsOf({ areas }: ScoredDatabase, area: string): number {
  return areas.find((each) => each.area === area)?.points ?? 0;
}
