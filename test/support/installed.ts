/** Runs a test like `test`. */
type TestWith = (name: string, body: jest.ProvidesCallback, timeoutMs?: number) => void;

/**
 * `test` where a program is installed; elsewhere skipped, and the name says why.
 * @param installed whether it is on this machine
 * @param program its name, and how to get it
 */
export function testWith(installed: boolean, program: string): TestWith {
  return (name, body, timeoutMs) => {
    if (installed) test(name, body, timeoutMs);
    else test.skip(`${name}: skipped, because ${program} is not installed`, body);
  };
}
