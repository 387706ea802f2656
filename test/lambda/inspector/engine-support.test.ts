import { supportEnd } from '../../../lambda/inspector/engine-support';
import { ENVIRONMENT_NAMES, loadEnvironment } from '../../../lib/config';

test.each([
  ['15.17', '2027-03-01'],
  ['15.14', '2026-09-01'],
  ['15.4', '2026-09-01'],
  ['15.18', '2027-09-01'],
  ['15.19', '2028-02-29'],
  ['16.3', undefined],
])('the support of %s ends on %s', (version, day) => {
  expect(supportEnd(version)?.toISOString().slice(0, 10)).toBe(day);
});

test('the calendar lists the version that environments run', () => {
  for (const name of ENVIRONMENT_NAMES) {
    const { engineVersion } = loadEnvironment(name).database;
    const end = supportEnd(engineVersion);
    expect([engineVersion, end && end < supportEnd('15.999')!]).toEqual([engineVersion, true]);
  }
});
