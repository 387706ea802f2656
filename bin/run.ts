/**
 * Runs a command and exits with its code. What it throws becomes one message without a stack trace: a person reads it.
 * DEBUG=1 shows the stack.
 */
export function run(command: () => number | Promise<number>): void {
  Promise.resolve()
    .then(command)
    .then(
      (code) => {
        process.exitCode = code;
      },
      (error: unknown) => {
        const message = error instanceof Error ? (process.env.DEBUG ? error.stack : error.message) : String(error);
        process.stderr.write(`${message}\n`);
        process.exitCode = 1;
      },
    );
}
