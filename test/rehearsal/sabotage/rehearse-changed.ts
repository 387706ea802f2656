import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/cli';
import { RunsFolder, startRehearsalOf } from '../../support/rehearsal-run';
import { type Change, changed } from './change';

/** What a rehearsal of a changed checkout said. */
export interface Verdict {
  readonly change: Change;
  /** Whether the rehearsal failed with a sentence that names what was changed. */
  readonly seen: boolean;
  /** What does not hold, as the report says; empty when the rehearsal found nothing. */
  readonly failures: readonly string[];
  readonly seconds: number;
}

/** What the command reads of a checkout. */
const CHECKOUT = ['bin', 'lib', 'lambda', 'package.json', 'tsconfig.json', 'cdk.json', 'prisma.config.ts'];

/** Rehearses production from a copy of this checkout with one change, until the first step that finds something. */
export async function rehearseChanged(change: Change): Promise<Verdict> {
  const runs = new RunsFolder();
  const started = performance.now();
  try {
    const { exit, output } = startRehearsalOf(changedCheckout(runs.path, change), runs, '--fail-fast');
    const [code] = await exit;
    const failures = failuresOf(runs, output());
    const seen = code === 1 && failures.some((failure) => change.says.test(failure));
    return { change, seen, failures, seconds: (performance.now() - started) / 1000 };
  } finally {
    runs.remove();
  }
}

function changedCheckout(folder: string, change: Change): string {
  const checkout = join(folder, 'checkout');
  mkdirSync(checkout);
  for (const name of CHECKOUT) cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
  const file = join(checkout, change.file);
  writeFileSync(file, changed(readFileSync(file, 'utf8'), change));
  return checkout;
}

function failuresOf(runs: RunsFolder, output: string): readonly string[] {
  try {
    const report = readFileSync(join(runs.report, 'rehearsal.json'), 'utf8');
    return (JSON.parse(report) as { failures: readonly string[] }).failures;
  } catch {
    return [`no report: ${output.slice(-500)}`];
  }
}
