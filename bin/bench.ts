import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { draw } from '../lib/benchmark/report/picture';
import { publish } from '../lib/benchmark/report/publish';
import { summarize } from '../lib/benchmark/report/summary';
import { RunFolder } from '../lib/local-postgres/run-folder';
import { run } from './run';

// The deployed functions' log lines belong to Lambda; POWERTOOLS_LOG_LEVEL=INFO shows them.
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';

const USAGE = `npm run bench [-- --scale <number>] [--collector] [--report <folder>] [--json]
npm run bench -- --publish <folder>

Measures every query of the application before and after the migrations, on real PostgreSQL 15 with the documented workload's data.
  --scale      share of the documented workload, which is 30 days of 1,000 salons; 0.001 to 10, default 1. Scale 1 takes a quarter
               of an hour and 20 GB of disk in TMPDIR; 0.1 is enough for a quick look
  --collector  also compares the deployed metrics collector with the owner's 18 queries
  --report     folder for bench.json, bench.svg and the plans; default bench
  --json       prints bench.json instead of a summary
  --publish    measures nothing; copies the figures of a report's folder into lib/benchmark and README.md. Only for scale 1
Exit code 0: every goal was reached; 1: one was missed, or wrong usage. Under scale 1 the only goal is that each query uses its index.
Example: npm run bench -- --scale 0.1 --collector`;
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
  if (values.publish !== undefined) {
    publish(values.publish);
    return say(`README.md and lib/benchmark have the figures of ${values.publish}`, 0);
  }
  const scale = Number(values.scale);
  if (!(scale >= SMALLEST_SCALE && scale <= LARGEST_SCALE))
    throw new Error(`--scale is "${values.scale}"; allowed: a number from ${SMALLEST_SCALE} to ${LARGEST_SCALE}`);

  // Not at the top: it loads the CDK, which a help text or a refusal need not wait for.
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

function say(text: string, code: number): number {
  process.stdout.write(`${text}\n`);
  return code;
}
