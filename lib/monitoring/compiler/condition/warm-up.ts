import { formatDuration } from '../../../shared/duration';
import type { Decision } from '../decision';
import { Untranslatable } from '../untranslatable';
import type { AlarmInput } from './alarm-input';

/** The longest warm-up of an alarm, minutes (CloudWatch User Guide, "Alarm warm-up periods"). */
const LONGEST_MINUTES = 2880;

/**
 * How long a new alarm on missing values waits for its first values, minutes. The warm-up of CloudWatch ends when it is over, or as soon
 * as the alarm's window is full of values, and never starts again, not even after a change of the alarm.
 * @throws Untranslatable where a source does not say when its first value is due, or says more than CloudWatch allows
 */
export function warmUpOf(inputs: readonly AlarmInput[]): Decision<number> {
  const minutes = inputs.flatMap(({ source: { firstValueMinutes } }) => firstValueMinutes ?? []);
  const value = Math.max(...minutes);
  if (!(value >= 1 && value <= LONGEST_MINUTES)) {
    const names = inputs.map(({ reading }) => reading.metric).join(' and ');
    throw new Untranslatable(
      `a missing value of ${names} makes it fire, but firstValueMinutes of the source is ${minutes[0] ?? 'absent'}, so this alarm would fire in every new environment; allowed: 1 to ${LONGEST_MINUTES} minutes, in lib/monitoring/sources`,
    );
  }
  return { value, notes: [`a new alarm waits up to ${formatDuration(value * 60)} for the first value`] };
}
