import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PageContext } from './context';
import { type Html, html, trusted } from './html';
import { missing, section } from './parts';
import { alarms, eventRules } from './sections/alarms';
import { care } from './sections/care';
import { checks, cost, limits, month, roles, run, versionTable } from './sections/facts';
import { metrics } from './sections/metrics';
import { failover, moveIn, queries, restore } from './sections/times';
import { readiness } from './sections/readiness';
import { findings, verdict } from './sections/verdict';
import type { RehearsalReport, UnfinishedReport } from '../report';

/** Content of rehearsal.html: one page without scripts and without requests. */
export function rehearsalPage(report: RehearsalReport | UnfinishedReport, context: PageContext): string {
  const styles = readFileSync(join(__dirname, 'styles.css'), 'utf8');
  const { markup } = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta
        http-equiv="Content-Security-Policy"
        content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
      />
      <link rel="icon" href="data:," />
      <title>Rehearsal of ${report.environment}: ${report.ok ? 'ok' : 'failed'}</title>
      <style>
        ${trusted(styles)}
      </style>
    </head>
    <body>
      <header>${verdict(report)}</header>
      ${'alarms' in report ? navigation() : undefined}
      <main>${findings(report)} ${'alarms' in report ? sections(report, context) : unfinished(context)}</main>
      <footer>Written by npm run rehearse on ${context.written.toISOString()}. The same in full: rehearsal.json</footer>
    </body>
  </html>`;
  return `<!doctype html>\n${markup}\n`;
}

const LINKS = [
  'alarms',
  'metrics',
  'events',
  'queries',
  'import',
  'failover',
  'restore',
  'readiness',
  'care',
  'roles',
  'checks',
  'month',
  'cost',
  'limits',
  'run',
];

function navigation(): Html {
  return html`<nav aria-label="Sections">
    <ul>
      ${LINKS.map((id) => html`<li><a href="#${id}">${id}</a></li>`)}
    </ul>
  </nav>`;
}

function sections(report: RehearsalReport, context: PageContext): Html {
  return html`${[
    alarms(report),
    metrics(report),
    eventRules(report),
    queries(report),
    moveIn(report),
    failover(report),
    restore(report),
    readiness(report),
    care(report),
    roles(report),
    checks(report),
    month(context, report.environment),
    cost(context),
    limits(report),
    run(report, context),
  ]}`;
}

function unfinished({ versions }: PageContext): Html {
  return section(
    'run',
    'This run',
    missing('It ended before it could measure anything that a page can show: no alarm, failover or restore is proven.'),
    versionTable(versions),
  );
}
