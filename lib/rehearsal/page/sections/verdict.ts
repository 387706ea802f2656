import { isProven } from '../../alarms/alarm-proof';
import { formatSeconds } from '../../../shared/formats';
import { pagePath } from '../../../runbooks/pages';
import { type Html, html } from '../html';
import { list, section } from '../parts';
import type { RehearsalReport, UnfinishedReport } from '../../report';

/** The verdict and the main figures. */
export function verdict(report: RehearsalReport | UnfinishedReport): Html {
  const unfinished = !('alarms' in report);
  return html`<p class="eyebrow">Rehearsal of ${report.environment}</p>
    <h1>
      ${
        unfinished
          ? 'The rehearsal did not finish'
          : report.ok
            ? `${report.environment} holds what it promises here`
            : `${report.environment} does not hold what it promises`
      }
    </h1>
    ${unfinished ? undefined : figures(report)}`;
}

function figures({ alarms, alarmsNotProven, failover, restore, speedUp, readiness, failures }: RehearsalReport): Html {
  const proven = alarms.filter(isProven).length;
  const ratios = speedUp.patterns.map(({ ratio }) => ratio);
  const shown: readonly (readonly [string, string] | undefined)[] = [
    ['alarms proven', `${proven} of ${alarms.length + alarmsNotProven.length}`],
    ['findings', String(failures.length)],
    failover && ['first write after a crash', formatSeconds(failover.secondsToFirstWrite, 2)],
    restore && ['recovery time of a restore', formatSeconds(restore.rtoSeconds.total, 2)],
    ratios.length > 0 ? ['fastest query gains', `${Math.max(...ratios).toFixed(1)} times`] : undefined,
    ['readiness before and after', `${readiness.before.score} → ${readiness.after.score}`],
  ];
  return html`<dl class="figures">
    ${shown.flatMap((figure) =>
      figure
        ? [
            html`<div>
              <dt>${figure[0]}</dt>
              <dd>${figure[1]}</dd>
            </div>`,
          ]
        : [],
    )}
  </dl>`;
}

/** What does not hold, each with its runbook page where an alarm has one. */
export function findings(report: RehearsalReport | UnfinishedReport): Html {
  const alarms = 'alarms' in report ? report.alarms : [];
  const next = (failure: string) => {
    const alarm = alarms.find((each) => failure.includes(each.alarm));
    return alarm ? `Runbook: ${pagePath(alarm.name)}` : 'What each step does and needs: lib/rehearsal/README.md';
  };
  return section(
    'findings',
    'Findings',
    report.failures.length === 0
      ? html`<p>None: every requirement that was tried holds.</p>`
      : list(
          report.failures.map(
            (failure) => html`<span class="bad">${failure}.</span> <span class="muted">${next(failure)}</span>`,
          ),
        ),
  );
}
