import * as environments from '../../lib/config/environments';
import { schemaFields, valuesAt } from '../support/schema-fields';
import { reviewVariant } from '../support/synth';
import { VARIANTS, variantInputs } from './variants';

// Three environments with packs and validation take a few seconds, and several times that on a busy machine.
const PATIENCE_MS = 300_000;

/** The files in every variant, with the names that they get from lib/config/environments.ts. */
const inputs = VARIANTS.flatMap((variant) =>
  Object.entries(variantInputs(variant)).map(([name, input]) => ({ name, ...input })),
);

test.each(
  schemaFields().map((field) => [[field.path.join('.'), field.choice].filter(Boolean).join(' '), field] as const),
)('a variant sets %s to another value than its default', (_, { path, fallback, choice }) => {
  const values = inputs.flatMap((input) => valuesAt(input, path));
  expect(values).not.toEqual([]);
  if (choice !== undefined) expect(values).toContain(choice);
  if (fallback !== undefined) expect(values.filter((value) => value !== fallback)).not.toEqual([]);
});

test.each(VARIANTS)(
  '%s: no environment has a finding, an unused acknowledgement or a validation error',
  (variant) => {
    const result = reviewVariant(variant);
    const left = result.environments.map(({ name, findings, unused, validationErrors }) => ({
      name,
      left: [...findings, ...unused, ...validationErrors],
    }));
    expect(left).toEqual(Object.keys(environments).map((name) => ({ name, left: [] })));
    expect(result.missingContext).toEqual([]);
  },
  PATIENCE_MS,
);
