import { compileContext } from '../../lib/monitoring/context';
import { loadEnvironment } from '../../lib/config';
import { vcpusOf } from '../../lib/config/aws/instance-classes';
import { parseEnvironment } from '../../lib/config/parse';
import { production } from '../../lib/config/production';

const GIB = 1024 ** 3;

test('production: a primary and two replicas, each with its own numbers', () => {
  const replicas = [
    { availabilityZone: 'us-east-1b', instanceClass: 'r6g.2xlarge', maxAllocatedStorageGiB: 300 },
    { availabilityZone: 'us-east-1c' },
  ];
  const context = compileContext(parseEnvironment('production', { ...production, replicas }));
  expect(context.servers).toEqual([
    { name: 'primary', vcpus: 4, storageCeilingBytes: 390 * GIB, maxConnections: 200, slotWalKeepBytes: 20 * GIB },
    { name: 'replica-1', vcpus: 8, storageCeilingBytes: 300 * GIB, maxConnections: 200, slotWalKeepBytes: 20 * GIB },
    { name: 'replica-2', vcpus: 4, storageCeilingBytes: 390 * GIB, maxConnections: 200, slotWalKeepBytes: 20 * GIB },
  ]);
  expect(context).toMatchObject({ environment: 'production', hasProxy: true, proxyConnections: 100, hasBackups: true });
});

test('dev: a primary alone', () => {
  const { servers, hasProxy, proxyConnections } = compileContext(loadEnvironment('dev'));
  expect([servers.map(({ name }) => name), hasProxy, proxyConnections]).toEqual([['primary'], false, 0]);
});

test.each([
  ['t4g.medium', 2],
  ['m7g.large', 2],
  ['r6g.xlarge', 4],
  ['r6g.16xlarge', 64],
])('%s has %d virtual CPUs', (instanceClass, vcpus) => {
  expect(vcpusOf(instanceClass)).toBe(vcpus);
});

test('an unknown size is refused', () => {
  expect(() => vcpusOf('r6g.huge')).toThrow(
    'the instance class r6g.huge does not exist; allowed: r6g.large, r6g.xlarge',
  );
});
