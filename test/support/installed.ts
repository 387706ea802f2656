/** Runs a test like `test`. */
type TestWith = (name: string, body: jest.ProvidesCallback, timeoutMs?: number) => void;

/**
 * `test` where a machine has what it needs; elsewhere skipped, and the name says why.
 * @param has whether this machine has it
 * @param what such as a program, and how to get it
 */
export function testWith(has: boolean, what: string): TestWith {
  return (name, body, timeoutMs) => {
    if (has) test(name, body, timeoutMs);
    else test.skip(skipped(name, what), body);
  };
}

/** The same of `describe`. */
export function describeWith(has: boolean, what: string): (name: string, body: () => void) => void {
  return (name, body) => (has ? describe(name, body) : describe.skip(skipped(name, what), body));
}

function skipped(name: string, what: string): string {
  return `${name}: skipped, because this machine does not have ${what}`;
}
