import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { App, Stack } from 'aws-cdk-lib';
import { run } from './run';

const USAGE = `npm run bench:synth [-- --runs 5] [--json]

Compares a synthesis of all environments (validation off, functions not bundled) with that of an app with one empty stack: CPU
seconds of whole processes, run in turn, medians. Exit code 1 where the ratio is over the goal of 8.`;
const GOAL = 8;
const KINDS = ['empty', 'all'] as const;
type Kind = (typeof KINDS)[number];

run(() => {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '5' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
      child: { type: 'string' },
    },
  });
  if (values.help) return say(USAGE, 0);
  if (values.child) return child(values.child as Kind);
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1)
    throw new Error(`--runs is "${values.runs}"; allowed: a whole number from 1`);

  const seconds: Record<Kind, number[]> = { empty: [], all: [] };
  // The first pair only warms the disk's cache.
  for (let i = 0; i <= runs; i++) {
    for (const kind of KINDS) {
      const measured = cpuSeconds(kind);
      if (i > 0) seconds[kind].push(measured);
    }
    process.stderr.write(i === 0 ? 'warmed up\n' : `pair ${i} of ${runs}\n`);
  }
  const result = { emptyCpuSeconds: median(seconds.empty), allCpuSeconds: median(seconds.all), goal: GOAL };
  const ratio = result.allCpuSeconds / result.emptyCpuSeconds;
  const text = values.json
    ? JSON.stringify({ ...result, ratio })
    : `all environments ${result.allCpuSeconds.toFixed(2)} s, an empty stack ${result.emptyCpuSeconds.toFixed(2)} s of CPU: ratio ${ratio.toFixed(1)}, goal at most ${GOAL}`;
  return say(text, ratio <= GOAL ? 0 : 1);
});

function cpuSeconds(kind: Kind): number {
  const { stdout, status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', __filename, '--child', kind], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the synthesis of "${kind}" failed:\n${stderr}`);
  return Number(stdout);
}

async function child(kind: Kind): Promise<number> {
  const outdir = mkdtempSync(join(tmpdir(), 'bench-synth-'));
  if (kind === 'all') {
    // Not at the top: the empty app must not pay for loading ours.
    const { createApp } = await import('../lib/app');
    createApp({ outdir, bundle: false }).synth();
  } else {
    const app = new App({ outdir, builtinCloudFormationValidation: false });
    new Stack(app, 'Empty');
    app.synth();
  }
  rmSync(outdir, { recursive: true });
  const { user, system } = process.cpuUsage();
  return say(String((user + system) / 1e6), 0);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function say(text: string, code: number): number {
  process.stdout.write(`${text}\n`);
  return code;
}
