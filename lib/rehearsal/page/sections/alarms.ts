import { type AlarmProof, isProven } from '../../alarms/alarm-proof';
import { drawChart, type Span } from '../chart';
import { type Html, html, trusted } from '../html';
import { details, list, mark, missing, section, table } from '../parts';
import type { RehearsalReport } from '../../report';

/** Start of the axis, minutes. */
const START = 0.5;
const PROVOKED = 'var(--accent)';
const REPLAYED = 'var(--replayed)';

/** Every alarm's state over CloudWatch's minutes, and its metric with the values on both sides of its threshold. */
export function alarms({ environment, alarms: shown, alarmsNotProven, crossTalk }: RehearsalReport): Html {
  const shortName = (alarm: string) => alarm.replace(`${environment}-`, '');
  const provoked = shown.filter((alarm) => alarm.provoked);
  return section(
    'alarms',
    'Alarms',
    html`<p>
      ${provoked.length} alarms were provoked by real faults and ${shown.length - provoked.length} replayed with values
      in place of AWS’s. ${shown.filter(isProven).length} of them went OK → ALARM → OK.
    </p>`,
    html`<ul class="legend">
      <li><i style="background:${trusted(PROVOKED)}"></i>in ALARM, provoked by a real fault; minutes after it</li>
      <li>
        <i style="background:${trusted(REPLAYED)}"></i>in ALARM, replayed; a short mark where only the time of one
        change is known
      </li>
      <li><i style="background:${trusted('var(--line)')}"></i>OK</li>
    </ul>`,
    shown.length === 0
      ? missing('No alarm was tried.')
      : timeline(
          [...shown].sort((one, other) => Number(other.provoked) - Number(one.provoked)),
          shortName,
        ),
    alarmsNotProven.length === 0
      ? undefined
      : details(`${alarmsNotProven.length} alarms are not proven`, list(alarmsNotProven.map(shortName))),
    details('Each alarm: its fault, the values around its threshold, whom it told', alarmTable(shown, shortName)),
    crossTalk.length === 0
      ? undefined
      : details(
          `Other alarms that fired under a fault: ${crossTalk.length}`,
          table(
            'Alarms that fired under faults that were not meant for them',
            ['Alarm', 'During', 'Why it may'],
            crossTalk.map(({ alarm, during, why }) => [
              shortName(alarm),
              during,
              why ?? mark(false, '', 'not declared'),
            ]),
          ),
        ),
  );
}

function timeline(shown: readonly AlarmProof[], shortName: (alarm: string) => string): Html {
  const minutes = shown.map(({ alarmSeconds }) => alarmSeconds / 60);
  const to = 10 ** Math.ceil(Math.log10(Math.max(10, ...minutes)));
  return drawChart({
    description: `Minutes of CloudWatch’s clock for ${shown.length} alarms; the table below has the same figures`,
    axis: { scale: 'log', from: START, to, label: durationText },
    rowHeight: 20,
    rows: shown.map((alarm, index) => ({
      label: shortName(alarm.alarm),
      spans: spansOf(alarm, minutes[index] ?? 0, to),
    })),
  });
}

/** OK in grey, ALARM in colour. A proof without times of its changes is in ALARM from the only time that it has. */
function spansOf(alarm: AlarmProof, minutes: number, to: number): Span[] {
  const color = isProven(alarm) ? (alarm.provoked ? PROVOKED : REPLAYED) : 'var(--bad)';
  const changes = alarm.changeSeconds?.map((seconds) => seconds / 60) ?? [];
  const inAlarm = alarm.transitions.flatMap((state, index) =>
    state === 'ALARM' && changes[index] !== undefined
      ? [{ from: Math.max(START, changes[index]), to: Math.max(START, changes[index + 1] ?? to) }]
      : [],
  );
  const last = inAlarm.length - 1;
  const text = (from: number, end: number) =>
    end < to ? `${durationText(from)} to ${durationText(end)}` : durationText(from);
  return [
    { from: START, to, color: 'var(--line)' },
    ...inAlarm.map((span, index) => ({ ...span, color, ...(index === last && { text: text(span.from, span.to) }) })),
    ...(last >= 0
      ? []
      : [{ from: Math.max(START, minutes), to: Math.max(START, minutes) * 1.12, color, text: durationText(minutes) }]),
  ];
}

function alarmTable(shown: readonly AlarmProof[], shortName: (alarm: string) => string): Html {
  return table(
    'Every alarm that was tried',
    ['Alarm', 'State', 'How', 'CloudWatch’s clock', 'Fires at', 'Stays OK at', 'Tells', 'Fault'],
    shown.map((alarm) => [
      shortName(alarm.alarm),
      html`<span class="${isProven(alarm) ? 'good' : 'bad'}">${alarm.transitions.join(' → ')}</span>`,
      alarm.provoked ? 'provoked' : 'replayed',
      durationText(alarm.alarmSeconds / 60),
      alarm.fires ?? '',
      alarm.staysOk ?? '',
      (alarm.topics ?? []).join(', '),
      alarm.fault,
    ]),
  );
}

/** A duration in the unit in which it is read: seconds, minutes, hours or days. */
export function durationText(minutes: number): string {
  if (minutes < 1) return `${Math.round(minutes * 60)} s`;
  if (minutes < 120) return `${Math.round(minutes)} min`;
  return minutes < 2880 ? `${(minutes / 60).toFixed(0)} h` : `${(minutes / 1440).toFixed(0)} d`;
}

/** Event rules under sample events. */
export function eventRules({ eventRules: rules }: RehearsalReport): Html {
  return section(
    'events',
    'Event rules',
    rules.length === 0
      ? missing('This report has no event rules.')
      : table(
          'Each rule under sample events and look-alikes',
          ['Rule', 'Result', 'Matched', 'Refused', 'Tells'],
          rules.map(({ rule, tells, matched, refused, faults }) => [
            rule,
            faults.length === 0 ? mark(true) : html`<span class="bad">${faults.join('; ')}</span>`,
            String(matched),
            String(refused),
            tells,
          ]),
        ),
  );
}
