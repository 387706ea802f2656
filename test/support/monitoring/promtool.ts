import { spawnSync } from 'node:child_process';
import { testWith } from '../installed';

/** Whether promtool, Prometheus' checker of rules, is on this machine. */
const HAS_PROMTOOL = spawnSync('promtool', ['--version']).status === 0;

/** Runs promtool; returns whether it succeeded, and its output. */
export function promtool(...args: string[]): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  return { ok: status === 0, output: `${stdout}\n${stderr}` };
}

/** `test` where promtool is installed; elsewhere skipped, and the name says why. */
export const testWithPromtool = testWith(HAS_PROMTOOL, 'promtool (Debian: apt install prometheus)');
