import { InvalidConfig, parseEnvironment } from '../../lib/config/parse';
import { variantInputs, VARIANTS } from '../review/variants';
import { schemaFields } from '../support/schema-fields';

/** Values of every type that a file in TypeScript can have, a misspelled choice among them. */
const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e21,
  Number.NaN,
  Infinity,
  10n,
  '',
  ' ',
  'constructor',
  [],
  [null],
  [[]],
  [{}],
  {},
  { kind: 'creat' },
  { enabled: 'no' },
  { enabled: 10n },
  () => 1,
  Symbol('x'),
  new Date(0),
];

/** Every field and everything above one, each once. */
const PATHS = [
  ...new Map(
    schemaFields()
      .flatMap(({ path }) => path.map((_, index) => path.slice(0, index + 1)))
      .map((path) => [path.join('.'), path]),
  ).values(),
].filter(([first]) => first !== 'name');

/** Sets what is at a path, the first entry for `*`. Returns whether the input has something there. */
function replace(input: unknown, [key = '', ...rest]: readonly string[], value: unknown): boolean {
  if (typeof input !== 'object' || input === null) return false;
  const record = input as Record<string, unknown>;
  const [own] = key === '*' ? Object.keys(record) : [key];
  if (own === undefined || record[own] === undefined) return false;
  if (rest.length > 0) return replace(record[own], rest, value);
  record[own] = value;
  return true;
}

describe.each(VARIANTS)('%s', (variant) => {
  const input = variantInputs(variant)['production']!;
  const paths = PATHS.filter((path) => replace(structuredClone(input), path, 1));

  test.each(paths.map((path) => [path.join('.'), path] as const))('%s of any type is fine or a sentence', (_, path) => {
    for (const value of VALUES) {
      const draft = structuredClone(input);
      replace(draft, path, value);
      let faults: readonly string[] = [];
      try {
        parseEnvironment('production', draft);
      } catch (error) {
        // Anything else is the text of a library or of Node.
        if (!(error instanceof InvalidConfig)) throw error;
        ({ faults } = error);
        expect(faults).not.toEqual([]);
      }
      for (const fault of faults) expect(fault).toMatch(/^[\w.* :-]+ is (.+; allowed: .+|not a field; check its .+)$/s);
      if (faults.length > 0) expect(faults.join()).not.toMatch(/undefined|\[object /);
    }
  });
});
