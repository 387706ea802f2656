import type { Section } from '../../lib/contract/care/section';
import type { CareDatabaseSettings } from './env';
import type { Sessions } from './sessions';

/** What a task found: a section of the notification without its title. */
export type Found = Pick<Section, 'lines'> & { readonly state: 'fine' | 'look' };

/** One piece of work on the database: it reads, decides, and says what it found. */
export interface Task {
  /** Title of its section. */
  readonly title: string;
  /**
   * Does the work.
   * @param now time of the run
   * @throws the driver's error; the run goes on with the next task
   */
  readonly run: (sessions: Sessions, now: Date, settings: CareDatabaseSettings) => Promise<Found>;
}

/** The most lines of a list in a notification: a person reads no more. */
const MOST_LINES = 10;

/**
 * A section that asks to look at each of these lines, or the sentence that says there are none.
 * @param none what is said without any, such as `none`
 */
export function lookAt(lines: readonly string[], none: string): Found {
  return lines.length === 0 ? { state: 'fine', lines: [none] } : { state: 'look', lines: shortened(lines) };
}

/** The first lines of a list, and how many more there are. */
export function shortened(lines: readonly string[], most = MOST_LINES): string[] {
  return lines.length <= most ? [...lines] : [...lines.slice(0, most), `and ${lines.length - most} more`];
}
