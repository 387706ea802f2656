import { type Html, html, trusted } from '../html';
import { drawLine } from '../line';
import { missing, section } from '../parts';
import type { RehearsalReport } from '../../report';
import { durationText } from './alarms';

/** The metric of each provoked alarm around its fault, with the threshold. */
export function metrics({ environment, alarms }: Pick<RehearsalReport, 'environment' | 'alarms'>): Html {
  const measured = alarms.filter(({ measured: found }) => found !== undefined && found.values.length > 0);
  if (measured.length === 0) return section('metrics', 'Metrics', missing('No metric was measured around a fault.'));
  return section(
    'metrics',
    'Metrics',
    html`<p>
      What ${measured.length} alarms compared with their thresholds, by CloudWatch’s clock: the fault is at 0. Replayed
      alarms are not here: their values are in the table above.
    </p>`,
    html`<ul class="legend">
      <li><i style="background:${trusted('var(--accent)')}"></i>value of each period</li>
      <li><i style="background:${trusted('var(--bad)')}"></i>threshold</li>
    </ul>`,
    html`<div class="lines">${measured.map((alarm) => figure(alarm, environment))}</div>`,
  );
}

function figure({ alarm, measured }: RehearsalReport['alarms'][number], environment: string): Html {
  const { threshold = 0, values = [] } = measured ?? {};
  const name = alarm.replace(`${environment}-`, '');
  const highest = Math.max(...values.map(([, value]) => value));
  return html`<figure>
    <figcaption>${name}</figcaption>
    ${drawLine({
      description: `${name}: ${values.length} values, at most ${highest}, threshold ${threshold}`,
      points: values,
      threshold,
      label: (seconds) => (seconds < 0 ? `−${durationText(-seconds / 60)}` : durationText(seconds / 60)),
    })}
  </figure>`;
}
