import { careFailures } from '../../care/care-report';
import type { RehearsalReport } from '../../report';
import { type Html, html } from '../html';
import { details, mark, section } from '../parts';

/** What the jobs of care found, as people would read it. */
export function care({ care: report, environment }: RehearsalReport): Html {
  const sent = report.runs.flatMap(({ notifications }) => notifications);
  return section(
    'care',
    'Care',
    html`<p>
      ${mark(careFailures(report).length === 0)} ${report.total} runs of ${report.runs.length} jobs by the deployed
      functions. What they did on the servers of ${environment} is real; what they asked AWS was answered with samples
      of a quiet month. The hourly job counted ${report.intents.counted} intents of ${report.intents.expected} and sends
      no notification.
    </p>`,
    ...sent.map(({ subject, text }) => details(subject, html`<pre>${text}</pre>`)),
  );
}
