import { readFileSync } from 'node:fs';

interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, LockedPackage> };

/** Whether a name is found from a package's folder, as Node looks for it: in its own folder of packages, then in those around it. */
function found(from: string, name: string): boolean {
  if (lock.packages[`${from === '' ? '' : `${from}/`}node_modules/${name}`]) return true;
  const outer = from.lastIndexOf('node_modules/');
  return from !== '' && found(from.slice(0, Math.max(0, outer - 1)), name);
}

// "npm ci" stops with "Missing: … from lock file" otherwise: a registry that has only this platform's packages leaves the others out.
test('the lock file holds every dependency of every package, those of other platforms too', () => {
  const missing = Object.entries(lock.packages).flatMap(([from, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !found(from, name))
      .map((name) => `${from}: ${name}`),
  );
  expect(missing).toEqual([]);
});
