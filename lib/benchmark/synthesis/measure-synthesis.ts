import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatRatio, formatSeconds } from '../../shared/formats';
import { median } from '../clients/statistics';

/** CPU time of synthesizing all environments, compared with an app with one empty stack that is synthesized the same way. */
interface SynthesisComparison {
  readonly emptyCpuSeconds: number;
  readonly allCpuSeconds: number;
  readonly ratio: number;
  /** Highest ratio allowed. */
  readonly goal: number;
}

/** Both ways to synthesize. */
interface SynthesisReport {
  /** Without a review: validation off on both sides, functions not bundled. */
  readonly unreviewed: SynthesisComparison;
  /**
   * As `npx cdk synth` runs it: the command of cdk.json, with rule packs, CloudFormation's validation and bundling, against an empty app
   * with the CDK's defaults, which include that validation.
   */
  readonly asUser: SynthesisComparison;
}

/** Programs that are run with Node.js, in this order, in each round. */
const PROGRAMS = {
  emptyUnreviewed: { file: 'lib/benchmark/synthesis/empty-app.ts', validation: false },
  allUnreviewed: { file: 'lib/benchmark/synthesis/unreviewed-app.ts', validation: false },
  emptyAsUser: { file: 'lib/benchmark/synthesis/empty-app.ts', validation: true },
  allAsUser: { file: 'bin/app.ts', validation: true },
} as const;
type ProgramName = keyof typeof PROGRAMS;

const GOALS = { unreviewed: 8, asUser: 10 };
const ROOT = join(__dirname, '../../..');

/**
 * Measures both ways, in turn; each figure is a median.
 * @param runs measured rounds; another one before them only warms the disk's cache
 * @throws Error where a synthesis fails, with what it printed
 */
export function measureSynthesis(runs: number, onProgress: (line: string) => void): SynthesisReport {
  const names = Object.keys(PROGRAMS) as ProgramName[];
  const seconds = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<ProgramName, number[]>;
  for (let round = 0; round <= runs; round++) {
    for (const name of names) {
      const measured = cpuSeconds(name);
      if (round > 0) seconds[name].push(measured);
    }
    onProgress(round === 0 ? 'warmed up' : `round ${round} of ${runs}`);
  }
  const compare = (empty: ProgramName, all: ProgramName, goal: number): SynthesisComparison => {
    const [emptyCpuSeconds, allCpuSeconds] = [median(seconds[empty]), median(seconds[all])];
    return { emptyCpuSeconds, allCpuSeconds, ratio: allCpuSeconds / emptyCpuSeconds, goal };
  };
  return {
    unreviewed: compare('emptyUnreviewed', 'allUnreviewed', GOALS.unreviewed),
    asUser: compare('emptyAsUser', 'allAsUser', GOALS.asUser),
  };
}

/** Whether every ratio is within its goal. */
export function reachesGoals({ unreviewed, asUser }: SynthesisReport): boolean {
  return [unreviewed, asUser].every(({ ratio, goal }) => ratio <= goal);
}

/** The report for the console. */
export function synthesisText({ unreviewed, asUser }: SynthesisReport): string {
  const line = (way: string, { emptyCpuSeconds, allCpuSeconds, ratio, goal }: SynthesisComparison) =>
    `${way}: all environments ${formatSeconds(allCpuSeconds, 2)} of CPU, an empty stack ${formatSeconds(emptyCpuSeconds, 2)}: ${formatRatio(ratio)} times; goal at most ${goal}`;
  return [line('without a review', unreviewed), line('as npx cdk synth runs it', asUser)].join('\n');
}

/** CPU seconds of a program, with all processes that it starts. */
function cpuSeconds(name: ProgramName): number {
  const { file, validation } = PROGRAMS[name];
  const outdir = mkdtempSync(join(tmpdir(), 'bench-synth-'));
  try {
    // The shell's `times` counts the processes that the program started and waited for, such as esbuild's; Node.js counts only itself.
    const script = 'export CDK_OUTDIR="$1" CDK_VALIDATION="$2"; shift 2; "$@" > /dev/null; code=$?; times; exit $code';
    const { stdout, stderr, status } = spawnSync(
      'sh',
      ['-c', script, 'sh', outdir, String(validation), process.execPath, '--import', 'tsx', file],
      { cwd: ROOT, encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`the synthesis "${name}" failed:\n${stderr}`);
    // Two lines of user and system time: the shell's own, and its children's.
    const [, , user, system] = [...stdout.matchAll(/(\d+)m([\d.]+)s/g)].map(([, m, s]) => Number(m) * 60 + Number(s));
    if (user === undefined || system === undefined) throw new Error(`"times" of sh printed ${JSON.stringify(stdout)}`);
    return user + system;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
