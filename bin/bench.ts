import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { draw } from '../lib/benchmark/report/picture';
import { withBenchmark } from '../lib/benchmark/report/readme';
import type { BenchReport } from '../lib/benchmark/report/report';
import { summarize } from '../lib/benchmark/report/summary';
import { RunFolder } from '../lib/local-postgres/run-folder';
import { run } from './run';

// The collector's own log lines belong to Lambda; POWERTOOLS_LOG_LEVEL=INFO shows them.
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';

const USAGE = `npm run bench [-- --scale <number>] [--collector] [--report <folder>] [--json]
npm run bench -- --publish <folder>

Measures every query of the application before and after the migrations, on real PostgreSQL 15 with the documented workload's data.
  --scale      1: 1,000 salons, 30 days of the documented daily volumes; default 1, which takes a quarter of an hour and 20 GB of
               disk in TMPDIR; 0.1 for a quick look
  --collector  the collector's pass beside the owner's 18 queries, too
  --report     folder of bench.json, bench.svg and the plans; default bench
  --json       print bench.json, too
  --publish    nothing is measured: the figures of a report's folder become those of lib/benchmark and README.md
Exit code 0: every goal is reached, or the scale is under 1, where goals are not judged but that each query uses its index; 1: not so.`;
const LARGEST_SCALE = 10;
const SMALLEST_SCALE = 0.001;

run(async () => {
  const { values } = parseArgs({
    options: {
      scale: { type: 'string', default: '1' },
      collector: { type: 'boolean', default: false },
      report: { type: 'string', default: 'bench' },
      json: { type: 'boolean' },
      publish: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return say(USAGE, 0);
  if (values.publish !== undefined) return publish(values.publish);
  const scale = Number(values.scale);
  if (!(scale >= SMALLEST_SCALE && scale <= LARGEST_SCALE))
    throw new Error(`--scale is "${values.scale}"; allowed: a number from ${SMALLEST_SCALE} to ${LARGEST_SCALE}`);

  // Not at the top: the collector's log asks for its level when it is loaded.
  const { bench } = await import('../lib/benchmark/bench');
  const start = Date.now();
  const seconds = () => ((Date.now() - start) / 1000).toFixed(0).padStart(4);
  const onProgress = (line: string) => process.stderr.write(`${seconds()} s  ${line}\n`);
  mkdirSync(values.report, { recursive: true });
  const folder = new RunFolder();
  try {
    const report = await bench({ scale, collector: values.collector, folder, reportFolder: values.report, onProgress });
    const text = JSON.stringify(report, undefined, 2);
    writeFileSync(join(values.report, 'bench.json'), `${text}\n`);
    writeFileSync(join(values.report, 'bench.svg'), draw(report));
    const lines = [...summarize(report), `report: ${join(values.report, 'bench.json')}`];
    return say(values.json ? text : lines.join('\n'), report.missed && report.missed.length > 0 ? 1 : 0);
  } finally {
    folder.dispose();
  }
});

/** Makes a report's figures the project's. */
function publish(folder: string): number {
  const root = join(__dirname, '..');
  const readme = join(root, 'README.md');
  const report = JSON.parse(readFileSync(join(folder, 'bench.json'), 'utf8')) as BenchReport;
  const text = withBenchmark(readFileSync(readme, 'utf8'), report);
  writeFileSync(join(root, 'lib/benchmark/bench.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  writeFileSync(join(root, 'lib/benchmark/bench.svg'), draw(report));
  writeFileSync(readme, text);
  return say(`README.md and lib/benchmark have the figures of ${folder}`, 0);
}

function say(text: string, code: number): number {
  process.stdout.write(`${text}\n`);
  return code;
}
