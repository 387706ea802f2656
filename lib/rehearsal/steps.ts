import { setTimeout as sleep } from 'node:timers/promises';

/** A step of a rehearsal that has ended. */
export interface FinishedStep {
  readonly name: string;
  readonly seconds: number;
}

/** Longest time of a step, seconds. The longest takes 40 seconds on two idle processors. */
const LIMIT_SECONDS = 300;

/** Options of a step. */
export interface StepOptions {
  /** Progress line. Default: the name. */
  readonly line?: string;
  /** Longest time that it may take, seconds. Default 300. */
  readonly limitSeconds?: number;
}

/** Runs the steps of a rehearsal one after another and measures them. */
export class Steps {
  readonly finished: FinishedStep[] = [];

  /** @param onProgress receives a line for each step */
  constructor(private readonly onProgress: (line: string) => void) {}

  /**
   * Runs a step.
   * @throws Error that names the step, when it fails or does not end within its limit. Then it may still be running: the caller ends the
   *   process, or at least its servers.
   */
  async run<Result>(
    name: string,
    action: () => Promise<Result>,
    { line = name, limitSeconds = LIMIT_SECONDS }: StepOptions = {},
  ): Promise<Result> {
    this.onProgress(line);
    const started = performance.now();
    const timeLimit = new AbortController();
    const late = sleep(limitSeconds * 1000, undefined, { signal: timeLimit.signal }).then(() => {
      throw new Error(`did not end within ${limitSeconds} s`);
    });
    try {
      return await Promise.race([action(), late]);
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    } finally {
      late.catch(() => undefined);
      timeLimit.abort();
      this.finished.push({ name, seconds: (performance.now() - started) / 1000 });
    }
  }
}
