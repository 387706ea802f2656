import { driftText, isAsDeployed } from '../../lib/drift/drift';
import { run, serve } from './account';
import { regionAsDeployed } from './as-deployed';

test('an account right after a deployment has no drift', async () => {
  serve({ 'us-east-1': regionAsDeployed('us-east-1'), 'us-west-2': regionAsDeployed('us-west-2') });
  const found = await run();
  expect(found.findings).toEqual([]);
  expect(found.notChecked).toEqual([]);
  expect(found.compared).toBe(16);
  expect(isAsDeployed(found)).toBe(true);
  expect(driftText(found)).toBe('production in account 111122223333: 0 findings in 16 comparisons, 0 not made');
});
