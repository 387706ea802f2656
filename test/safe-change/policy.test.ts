import { actionsOnlyIn } from '../../lib/safe-change/policy';

const policy = (statement: object) => ({ Statement: [{ Effect: 'Allow', Principal: '*', Action: 'a', ...statement }] });
const lost = (before: object, after: object) => actionsOnlyIn(policy(before), policy(after), 'Allow');

test.each([
  [
    'more values of a condition allow more',
    { Condition: { StringEquals: { k: 'x' } } },
    { Condition: { StringEquals: { k: ['x', 'y'] } } },
    [],
  ],
  [
    'fewer values allow less',
    { Condition: { StringEquals: { k: ['x', 'y'] } } },
    { Condition: { StringEquals: { k: ['x'] } } },
    ['a'],
  ],
  [
    'more values of a negated condition allow less',
    { Condition: { StringNotEquals: { k: ['x'] } } },
    { Condition: { StringNotEquals: { k: ['x', 'y'] } } },
    ['a'],
  ],
  ['a new condition allows less', {}, { Condition: { Bool: { k: 'true' } } }, ['a']],
  ['more principals allow more', { Principal: { AWS: 'x' } }, { Principal: { AWS: ['y', 'x'] } }, []],
  ['another kind of principal', { Principal: { AWS: 'x' } }, { Principal: { Service: 'x' } }, ['a']],
  ['an action less', { Action: ['a', 'b'] }, { Action: 'b' }, ['a']],
  [
    'all but one action, and another one',
    { Action: undefined, NotAction: 'b' },
    { Action: undefined, NotAction: 'c' },
    ['all but b'],
  ],
  ['a narrower resource', { Resource: '*' }, { Resource: 'x' }, ['a']],
  [
    'the order of keys',
    { Condition: { A: { k: 'x' }, B: { l: 'y' } } },
    { Condition: { B: { l: ['y'] }, A: { k: 'x' } } },
    [],
  ],
])('%s', (_, before, after, expected) => {
  expect(lost(before, after)).toEqual(expected);
});

test('a policy that is not there allows and denies nothing', () => {
  expect(actionsOnlyIn(undefined, policy({}), 'Allow')).toEqual([]);
  expect(actionsOnlyIn(policy({}), undefined, 'Allow')).toEqual(['a']);
  expect(actionsOnlyIn(policy({}), undefined, 'Deny')).toEqual([]);
});
