import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/cli';

let temporary: string;
beforeEach(() => {
  // Open to the user that servers run as; every folder of the run is made in here.
  temporary = mkdtempSync(join('/tmp', 'signals-test-'));
  chmodSync(temporary, 0o755);
});
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s to npm stops the servers of a rehearsal and removes its folder',
  async (signal, code) => {
    const npm = spawn('npm', ['run', '--silent', 'rehearse', '--', '--report', join(temporary, 'report')], {
      cwd: ROOT,
      env: { ...process.env, TMPDIR: temporary },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const exit = once(npm, 'close');
    await new Promise<void>((resolve) => {
      let progress = '';
      npm.stderr.on('data', (data: Buffer) => (progress += data.toString()).includes('migrating') && resolve());
      npm.on('close', resolve);
    });
    // The primary and both replicas.
    expect(servers().length).toBeGreaterThan(2);
    npm.kill(signal);
    expect(await exit).toEqual([code, null]);
    expect(servers()).toEqual([]);
    expect(readdirSync(temporary).filter((name) => name.startsWith('postgres-rehearsal-'))).toEqual([]);
  },
  240_000,
);

/** Servers of this test that run. */
function servers(): string[] {
  const all = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => line.includes(`${temporary}/postgres-rehearsal-`));
}
