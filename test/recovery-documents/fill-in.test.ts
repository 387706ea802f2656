import { fillIn } from '../../lib/recovery-documents/fill-in';

const facts = {
  Name: 'production',
  Days: 35,
  On: true,
  Groups: ['a', 'b'],
  Tags: [{ Key: 'k', Value: 'v' }],
  Nothing: undefined,
};

test('a fact alone keeps its type, among other text it is text', () => {
  expect(
    fillIn(
      { alone: '${Days}', among: 'kept ${Days} days', list: '${Groups}', maps: '${Tags}', switch: '${On}' },
      facts,
    ),
  ).toEqual({ alone: 35, among: 'kept 35 days', list: ['a', 'b'], maps: [{ Key: 'k', Value: 'v' }], switch: true });
});

test('what Systems Manager compares is text', () => {
  expect(fillIn({ inputs: { DesiredValues: ['${Days}', '${On}', 'available'] } }, facts)).toEqual({
    inputs: { DesiredValues: ['35', 'True', 'available'] },
  });
});

test('a fact that the environment does not have takes its field or item away', () => {
  expect(fillIn({ MonitoringRoleArn: '${Nothing}', Name: '${Name}', List: ['${Nothing}'] }, facts)).toEqual({
    Name: 'production',
    List: [],
  });
});

test('what Systems Manager fills in is left', () => {
  expect(fillIn({ message: 'Restore {{ Table }} of ${Name}?' }, facts)).toEqual({
    message: 'Restore {{ Table }} of production?',
  });
});

test('keys are filled in, too', () => {
  expect(fillIn({ 'aws:RequestTag/${Name}': 'x' }, facts)).toEqual({ 'aws:RequestTag/production': 'x' });
});

test.each([
  ['${Nme}', '${Nme} is no fact; there are Name, Days, On, Groups, Tags, Nothing'],
  ['of ${Groups}', '${Groups} in "of ${Groups}" is ["a","b"]; among other text only one value can stand'],
  ['of ${Nothing}', '${Nothing} in "of ${Nothing}" is undefined'],
])('fails on %s', (text, sentence) => {
  expect(() => fillIn({ text }, facts)).toThrow(sentence);
});
