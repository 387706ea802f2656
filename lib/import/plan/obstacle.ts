/** Something that stands in the way of an import, or that somebody should know before it. */
export interface Obstacle {
  /** The kind, such as `wal-level`. */
  readonly id: string;
  /** Whether `start` refuses because of it. */
  readonly blocking: boolean;
  /** What was found, with names and numbers. */
  readonly sentence: string;
  /** What to do. */
  readonly action: string;
}

/** Something that `start` refuses. */
export function refuse(id: string, sentence: string, action: string): Obstacle {
  return { id, blocking: true, sentence, action };
}

/** Something to know that stops nothing. */
export function remark(id: string, sentence: string, action: string): Obstacle {
  return { id, blocking: false, sentence, action };
}

/** An obstacle where a condition holds, in a list to be joined with others. */
export function when(condition: boolean, obstacle: () => Obstacle): Obstacle[] {
  return condition ? [obstacle()] : [];
}

/** At most five names, and how many more there are. */
export function some(names: readonly string[]): string {
  const more = names.length - 5;
  return names.slice(0, 5).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
