import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A child process that answers one message at a time. */
export class Child {
  private readonly process: ChildProcess;
  private readonly ended: Promise<never>;

  /** @param file name of a file of this folder, without its extension */
  constructor(file: string) {
    // Stated here because a process started by jest has no loader for TypeScript.
    this.process = fork(join(__dirname, `${file}.ts`), { execArgv: ['--import', 'tsx'] });
    this.ended = once(this.process, 'exit').then(([code, signal]) => {
      throw new Error(`a process of the benchmark ended with ${String(code ?? signal)}`);
    });
    // Reported to the next `ask`; until then the rejection must not count as unhandled.
    this.ended.catch(() => undefined);
  }

  /** @throws Error with the child's message, or saying that the child ended */
  async ask<Answer>(message: object | string): Promise<Answer> {
    const answer = once(this.process, 'message') as Promise<[{ result?: Answer; error?: string }]>;
    this.process.send(message);
    const [{ result, error }] = await Promise.race([answer, this.ended]);
    if (error !== undefined || result === undefined)
      throw new Error(error ?? 'a process of the benchmark sent an empty answer');
    return result;
  }

  end(): void {
    this.process.kill();
  }
}
