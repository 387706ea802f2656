import { createColors, isColorSupported } from 'picocolors';

/** What a command found. */
export interface Outcome {
  /** For people. */
  readonly text: string;
  /** The same for programs, printed with `--json`. */
  readonly json: unknown;
  /** Whether what the command checks holds; `false` makes the exit code 1. */
  readonly ok: boolean;
}

/** Prints one line about a step that begins or has ended. */
export type Progress = (line: string) => void;

/** Colors of a stream: none when it is not a terminal, even with FORCE_COLOR, and none with NO_COLOR. */
export function colorsOf(stream: NodeJS.WriteStream): ReturnType<typeof createColors> {
  return createColors(isColorSupported && Boolean(stream.isTTY));
}

/** Progress on stderr, each line with the seconds since this call. */
export function startProgress(): Progress {
  const start = Date.now();
  return (line) => process.stderr.write(`${((Date.now() - start) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
}

/**
 * The action of a command: prints its outcome on stdout, as text or with `--json` as JSON alone, and sets the exit code.
 * @param run reads the command's options and does the work
 */
export function action<Options>(
  run: (options: Options) => Outcome | Promise<Outcome>,
): (options: Options & { readonly json?: boolean }) => Promise<void> {
  return async (options) => {
    const { text, json, ok } = await run(options);
    process.stdout.write(`${options.json ? JSON.stringify(json, undefined, 2) : text}\n`);
    process.exitCode = ok ? 0 : 1;
  };
}

/**
 * Ends a command that threw: prints the message on stderr and sets exit code 1.
 * @param stack print the stack trace instead of the message alone
 */
export function fail(error: unknown, { stack }: { readonly stack: boolean }): void {
  const message = error instanceof Error ? (stack && error.stack) || sentence(error) : String(error);
  process.stderr.write(`${colorsOf(process.stderr).red(message)}\n`);
  process.exitCode = 1;
}

/** Some errors know what to do about them. */
function sentence(error: NodeJS.ErrnoException & { readonly wayOut?: string }): string {
  if (error.wayOut !== undefined) return `${error.message}; ${error.wayOut}`;
  return error.code === 'ENOENT' && error.path !== undefined ? `${error.path} does not exist` : error.message;
}
