import { spawnSync } from 'node:child_process';

/** Whether promtool, Prometheus' checker of rules, is on this machine. */
const HAS_PROMTOOL = spawnSync('promtool', ['--version']).status === 0;

/** Runs promtool; returns whether it succeeded, and its output. */
export function promtool(...args: string[]): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  return { ok: status === 0, output: `${stdout}\n${stderr}` };
}

/** `test` where promtool is installed; elsewhere skipped, and the name says why. */
export function testWithPromtool(name: string, body: () => void, timeoutMs?: number): void {
  if (HAS_PROMTOOL) test(name, body, timeoutMs);
  else test.skip(`${name}: skipped, because promtool is not installed (Debian: apt install prometheus)`, body);
}
