import { canonical } from '../../lib/safe-change/canonical';
import { againstRecord, safeChange } from '../../lib/safe-change/safe-change';
import { productionWith, templatesOf } from './states';

const ACCOUNT = '123456789012';
const withValue = (value: unknown) => ({ Stack: { Resources: { It: { Type: 'AWS::X', Properties: { value } } } } });
const form = (value: unknown, account?: string) =>
  canonical(withValue(value), account)['Stack']?.Resources?.['It']?.Properties?.['value'];

test.each([
  [{ Ref: 'AWS::AccountId' }, '${AWS::AccountId}'],
  [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::AccountId' }, ':root']] }, 'arn:${AWS::AccountId}:root'],
  [{ 'Fn::Join': ['', ['a', { Ref: 'B' }, 'c', 'd']] }, { 'Fn::Join': ['', ['a', { Ref: 'B' }, 'cd']] }],
  [{ 'Fn::Join': [',', ['a', 'b']] }, { 'Fn::Join': [',', ['a', 'b']] }],
  [{ 'Fn::Sub': 'assets-${AWS::AccountId}' }, 'assets-${AWS::AccountId}'],
  [{ 'Fn::Sub': 'assets-${AWS::AccountId}-${B}' }, { 'Fn::Sub': 'assets-${AWS::AccountId}-${B}' }],
  [
    [1, true, null, 'a'],
    [1, true, null, 'a'],
  ],
])('%j becomes %j', (value, expected) => {
  expect(form(value)).toEqual(expected);
});

test('only the account of the configuration is replaced', () => {
  expect(form([`arn:${ACCOUNT}`, 'arn:210987654321'], ACCOUNT)).toEqual(['arn:${AWS::AccountId}', 'arn:210987654321']);
});

test('to write down the account that the credentials had loses nothing, in templates and in the record', () => {
  const config = { name: 'production', allowedChanges: [], accountId: ACCOUNT };
  const after = productionWith({ accountId: ACCOUNT });
  expect(JSON.stringify(after)).toContain(`arn:aws:iam::${ACCOUNT}:root`);
  const { changes } = safeChange(config, { against: 'before', before: templatesOf('production'), after });
  expect(changes.filter(({ verdict }) => verdict !== 'passes')).toEqual([]);
  expect(againstRecord(config, after).changes).toEqual([]);
});

test('a key for another account is refused', () => {
  const config = { name: 'production', allowedChanges: [], accountId: ACCOUNT };
  const other = JSON.parse(
    JSON.stringify(templatesOf('production')).replaceAll('{"Ref":"AWS::AccountId"}', '"210987654321"'),
  ) as ReturnType<typeof templatesOf>;
  const { changes } = safeChange(config, { against: 'before', before: templatesOf('production'), after: other });
  expect(changes.filter(({ property, verdict }) => property === 'KeyPolicy' && verdict === 'refused')).toHaveLength(5);
});
