import { DRILL_KINDS } from '../../lib/contract/drill/kinds';
import { DRILL_CADENCE } from '../../lib/contract/drill/cadence';
import { loadAlerts } from '../../lib/monitoring/alerts';

test.each(DRILL_KINDS)('the alert on overdue drills states the limit of the %s drill', (kind) => {
  const { name, overdueAfterDays } = DRILL_CADENCE[kind];
  const description = loadAlerts()
    .find((alert) => alert.name === 'RestoreDrillOverdue')
    ?.description.toLowerCase();
  expect(description).toMatch(new RegExp(`\\b${name}\\b[^,;.]*\\b${overdueAfterDays}\\b`));
});

test.each(DRILL_KINDS)('the %s drill is overdue only after its period has passed', (kind) => {
  const { runsPerMonth, overdueAfterDays } = DRILL_CADENCE[kind];
  const periodDays = 365 / 12 / runsPerMonth;
  expect(overdueAfterDays).toBeGreaterThan(periodDays);
  expect(overdueAfterDays).toBeLessThan(2 * periodDays);
});
