/**
 * One part of a notification.
 *  - `fine`: nothing to do
 *  - `look`: somebody should look; the lines say at what
 *  - `failed`: it could not be found out; the lines say why
 */
export interface Section {
  readonly title: string;
  readonly state: 'fine' | 'look' | 'failed';
  /** Sentences without a full stop. */
  readonly lines: readonly string[];
}

/** A notification of a job: what people read in a mail or in chat. */
export interface Notification {
  /** At most 100 characters: SNS refuses a longer subject (SNS API Reference, Publish). */
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
}

const MARKS = { fine: 'ok', look: 'LOOK', failed: 'FAILED' } as const;

/**
 * The notification of a run.
 * @param name what ran, such as `Daily digest of production`
 */
export function notificationOf(name: string, sections: readonly Section[]): Notification {
  const count = (state: Section['state']) => sections.filter((section) => section.state === state).length;
  const [look, failed] = [count('look'), count('failed')];
  const verdict = [
    ...(failed > 0 ? [`${failed} of ${sections.length} not found out`] : []),
    ...(look > 0 ? [`${look} of ${sections.length} to look at`] : []),
  ];
  return {
    subject: `${name}: ${verdict.length > 0 ? verdict.join(', ') : 'nothing to do'}`,
    // What asks for something comes first.
    text: (['failed', 'look', 'fine'] as const)
      .flatMap((state) => sections.filter((section) => section.state === state))
      .map(({ title, state, lines }) => [`${MARKS[state]}  ${title}`, ...lines.map((line) => `    ${line}`)].join('\n'))
      .join('\n\n'),
  };
}
