import { sumOf } from '../../../cost/cost-line';
import { GROUPS } from '../../../cost/pricers/pricer';
import { formatCount, formatDollars, formatMemory } from '../../../shared/formats';
import { summarizePooling } from '../../pooling/pooling-report';
import type { PageContext } from '../context';
import { type Html, html } from '../html';
import { details, list, mark, missing, section, table } from '../parts';
import type { RehearsalReport } from '../../report';
import { phases } from './times';

/** What each role could do. */
export function roles({ privileges, roles: byRole }: RehearsalReport): Html {
  const names = Object.keys(privileges[0]?.outcomes ?? {});
  const surprises = privileges.flatMap((action) => action.surprises);
  return section(
    'roles',
    'Roles',
    html`<p>
      ${privileges.length} actions tried as ${names.length} roles:
      ${surprises.length === 0 ? 'each had the expected outcome.' : `${surprises.length} had another outcome than expected.`}
    </p>`,
    table(
      'What each role may do',
      ['Role', 'allowed', 'refused'],
      byRole.map(({ role, allowed, refused }) => [role, String(allowed.length), String(refused)]),
    ),
    details(
      'Every role and action',
      table(
        'Outcome of each action by role',
        ['Action', ...names],
        privileges.map(({ group, action, outcomes, surprises: found }) => [
          html`${group}: ${action}${found.map((each) => html` <span class="bad">${each}</span>`)}`,
          ...Object.values(outcomes).map((outcome) =>
            outcome === 'allowed' ? html`<strong>allowed</strong>` : html`<span class="muted">${outcome}</span>`,
          ),
        ]),
      ),
    ),
  );
}

/** Checks of the cluster, its logs and the pooler. */
export function checks({ checks: done, logs, pooling }: RehearsalReport): Html {
  const searched = `${formatCount(logs.hits.length)} of ${formatCount(logs.lines)} lines hold a planted value or a password`;
  return section(
    'checks',
    'Checks',
    table(
      'Checks of the servers',
      ['Check', 'Result', 'Found'],
      [
        ...done.map(({ name, ok, detail }) => [name, mark(ok), detail]),
        ['no planted secret in the logs', mark(logs.hits.length === 0), searched],
      ],
    ),
    pooling
      ? html`<p>${summarizePooling(pooling)}.</p>`
      : missing('PgBouncer is not installed, so pooling was not measured.'),
  );
}

/** The month of a backtest. */
export function month({ month: saved }: PageContext, environment: string): Html {
  if (!saved)
    return section(
      'month',
      'A month of operation',
      missing(
        `No backtest lies beside this report. Write one: npm run backtest -- --environment ${environment} --report <folder of this page>, then rehearse again.`,
      ),
    );
  const failed = (saved.incidents ?? []).flatMap(({ failures }) => failures);
  return section(
    'month',
    'A month of operation',
    html`<p>
      ${saved.environment}, ${saved.days} simulated days, seed ${saved.seed}: ${saved.month.pages} pages,
      ${saved.month.unexplainedWarnings} warnings without a reason.
      ${saved.incidents ? `${saved.incidents.length} incidents, ${failed.length} findings.` : 'Incidents were not simulated.'}
    </p>`,
    table(
      'Notifications of the month',
      ['Alarm', 'When', 'Severity', 'Because of'],
      saved.month.notifications.map(({ alarm, time, severity, because }) => [
        alarm,
        time,
        severity,
        because ?? 'chance',
      ]),
    ),
  );
}

/** What the environments cost a month. */
export function cost({ prices = [] }: PageContext): Html {
  if (prices.length === 0) return section('cost', 'Cost', missing('Not priced here. See: npm run cost'));
  const groups = GROUPS.filter((group) => prices.some(({ rows }) => rows.some((row) => row.group === group)));
  return section(
    'cost',
    'Cost',
    html`<p>List prices without free tier, and assumptions of lib/cost/usage.json. Every line: npm run cost.</p>`,
    table(
      'US dollars a month',
      ['What', ...prices.map(({ name }) => name)],
      [
        ...groups.map((group) => [
          group,
          ...prices.map(({ rows }) => formatDollars(sumOf(rows.filter((row) => row.group === group)))),
        ]),
        ['all', ...prices.map(({ monthlyUsd }) => formatDollars(monthlyUsd))],
      ],
    ),
  );
}

/** What nobody can show on this machine. */
export function limits({ alarms, parameters }: RehearsalReport): Html {
  const replayed = alarms.filter(({ provoked }) => !provoked).length;
  return section(
    'limits',
    'Replayed and not proven',
    list([
      `${replayed} alarms were replayed: a value was published at a stated level in place of that of AWS, the inspector or the collector`,
      'times of CloudWatch are not measured: its clock runs ahead of this machine’s',
      'the proxy, AWS Backup, AWS’s own metrics and the delivery of notifications exist on AWS only',
      `parameters that exist on RDS only: ${parameters.leftToRds.join(', ') || 'none'}`,
    ]),
  );
}

/** Seconds, memory, disk and versions of the run. */
export function run(report: RehearsalReport, { versions }: PageContext): Html {
  const total = report.steps.reduce((sum, { seconds }) => sum + seconds, 0);
  return section(
    'run',
    'This run',
    html`<p>
      ${total.toFixed(0)} s, at most ${formatMemory(report.resources.memoryBytes)} of memory and
      ${formatMemory(report.resources.diskBytes)} of disk. ${report.migrations.length} migrations.
    </p>`,
    phases(report),
    versionTable({ PostgreSQL: report.postgres, ...versions }),
  );
}

/** Versions by name. */
export function versionTable(versions: Readonly<Record<string, string>>): Html {
  return table('Versions', ['What', 'Version'], Object.entries(versions));
}
