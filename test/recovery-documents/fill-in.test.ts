import { fillIn } from '../../lib/recovery-documents/fill-in';

const values = {
  Name: 'production',
  Days: 35,
  On: true,
  Groups: ['a', 'b'],
  Tags: [{ Key: 'k', Value: 'v' }],
  Nothing: undefined,
};

test('a value alone keeps its type, within a longer text it is text', () => {
  expect(
    fillIn(
      { alone: '${Days}', among: 'kept ${Days} days', list: '${Groups}', maps: '${Tags}', switch: '${On}' },
      values,
    ),
  ).toEqual({ alone: 35, among: 'kept 35 days', list: ['a', 'b'], maps: [{ Key: 'k', Value: 'v' }], switch: true });
});

test('values that Systems Manager compares are text', () => {
  expect(fillIn({ inputs: { DesiredValues: ['${Days}', '${On}', 'available'] } }, values)).toEqual({
    inputs: { DesiredValues: ['35', 'True', 'available'] },
  });
});

test('a value that the environment does not have leaves out its field or item', () => {
  expect(fillIn({ MonitoringRoleArn: '${Nothing}', Name: '${Name}', List: ['${Nothing}'] }, values)).toEqual({
    Name: 'production',
    List: [],
  });
});

test('references that Systems Manager fills in are left', () => {
  expect(fillIn({ message: 'Restore {{ Table }} of ${Name}?' }, values)).toEqual({
    message: 'Restore {{ Table }} of production?',
  });
});

test('keys are filled in as well', () => {
  expect(fillIn({ 'aws:RequestTag/${Name}': 'x' }, values)).toEqual({ 'aws:RequestTag/production': 'x' });
});

test.each([
  ['${Nme}', '${Nme} is not a placeholder; allowed here: Name, Days, On, Groups, Tags, Nothing'],
  ['of ${Groups}', '${Groups} in "of ${Groups}" is ["a","b"]; allowed within a text: a string, a number or a boolean'],
  ['of ${Nothing}', '${Nothing} in "of ${Nothing}" is undefined'],
])('fails on %s', (text, sentence) => {
  expect(() => fillIn({ text }, values)).toThrow(sentence);
});
