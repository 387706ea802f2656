import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/cli';

interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

/** Licences that only want to be named. */
const PERMISSIVE = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC-BY-3.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
];

/** Packages for development with another licence, and why that is acceptable. */
const OTHERS: Readonly<Record<string, string>> = {
  '@cloud-copilot/iam-policy':
    'AGPL-3.0-or-later: only the tests run it, nothing that is deployed or handed on contains it',
  '@cloud-copilot/iam-simulate': 'AGPL-3.0-or-later: as above',
  '@cloud-copilot/iam-utils': 'AGPL-3.0-or-later: as above',
  exit: 'MIT, which its package.json states in the old form that the lock file leaves out',
};

const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, LockedPackage>;
};
const locked = Object.entries(packages).filter(([path]) => path !== '');

/** `(MIT OR GPL-3.0-or-later)` is permissive, because one may choose. */
function isPermissive({ license = '' }: LockedPackage): boolean {
  const choices = license.replace(/^\(|\)$/g, '').split(' OR ');
  return choices.some((choice) => PERMISSIVE.includes(choice));
}

test('what is deployed has permissive licences only', () => {
  const deployed = locked.filter(([, { dev, devOptional }]) => !dev && !devOptional);
  expect(deployed.length).toBeGreaterThan(50);
  expect(deployed.filter(([, each]) => !isPermissive(each))).toEqual([]);
});

test('what development uses besides has permissive licences, or a reason', () => {
  const others = locked
    .filter(([, each]) => !isPermissive(each))
    .map(([path]) => path.replace(/^.*node_modules\//, ''));
  expect(others.sort()).toEqual(Object.keys(OTHERS).sort());
});
