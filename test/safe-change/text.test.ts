import type { JudgedChange } from '../../lib/safe-change/judge';
import { safeChangeText } from '../../lib/safe-change/text';

const line = (before: unknown, after: unknown) => {
  const change: JudgedChange = {
    ...{ resource: 'production-Database/Key', type: 'AWS::KMS::Key', property: 'KeyPolicy', before, after },
    ...{ effect: 'update', verdict: 'passes' },
  };
  const found = { environment: 'production', against: 'cdk.out', changes: [change], staleEntries: [] };
  return safeChangeText(found).split('\n')[1]?.split('), ')[1];
};

test.each([
  [{ a: { b: [1, 2], c: 1 } }, { a: { b: [1, 3], c: 1 } }, 'KeyPolicy.a.b.1: 2 -> 3'],
  [{ a: 1, b: 1 }, { a: 2, b: 2 }, 'KeyPolicy: {"a":1,"b":1} -> {"a":2,"b":2}'],
  [{ a: 1 }, undefined, 'KeyPolicy: {"a":1} -> none'],
  [{ a: 1 }, { a: 1, b: null }, 'KeyPolicy.b: none -> null'],
  ['x'.repeat(100), 'y', `KeyPolicy: "${'x'.repeat(79)}… -> "y"`],
])('the part that differs: %j and %j', (before, after, expected) => {
  expect(line(before, after)).toBe(expected);
});
