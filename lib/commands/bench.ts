import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { DOCUMENTED_SALONS } from '../benchmark/databases/volumes';
import { addHelpNotes, jsonOption, numberFrom, reportOption } from './console/options';
import { action, type Outcome, startProgress } from './console/output';
import { ReportFolder } from './console/report-folder';

/** Disk at scale 1, gigabytes. */
const DISK_GB = 20;
/** Disk of a server without data, gigabytes. */
const LEAST_DISK_GB = 1;

interface BenchOptions {
  readonly scale: number;
  readonly collector?: boolean;
  readonly load?: boolean;
  readonly salons?: number;
  readonly tenantIsolation?: boolean;
  readonly report: string;
  readonly publish?: string;
}

/** `npm run bench` */
export function configure(command: Command): void {
  command
    .description(
      "Measures every query of the application before and after the migrations, on real PostgreSQL 15 with the documented workload's data.",
    )
    .option(
      '--scale <number>',
      'share of the documented workload, which is 30 days of 1,000 salons; 0.001 to 10. Scale 1 takes a quarter of an hour and 20 GB of disk in TMPDIR; 0.1 is enough for a quick look',
      numberFrom(0.001, 10),
      1,
    )
    .option('--collector', "also compares the deployed metrics collector with the owner's 18 queries")
    .option(
      '--load',
      'also drives the documented mix of requests at a rising rate, until p95 passes 100 ms, before and after the migrations',
    )
    .addOption(
      new Option('--salons <number>', 'the scale as a number of salons; 1 to 10,000')
        .argParser(numberFrom(1, 10_000))
        .conflicts('scale'),
    )
    .option('--tenant-isolation', 'also measures what the optional row-level security costs')
    .addOption(reportOption('folder that bench.json, bench.svg and the plans are written to').default('bench'))
    .option(
      '--publish <folder>',
      'measure nothing; copy the figures of a report folder into lib/benchmark and README.md. Only for scale 1',
    )
    .addOption(jsonOption())
    .action(action((options: BenchOptions) => (options.publish ? publishReport(options.publish) : run(options))));
  addHelpNotes(command, {
    example: 'npm run bench -- --scale 0.1 --collector',
    succeeds: 'every goal is reached; under scale 1 the only goal is that each query uses its index',
    fails: 'a goal is missed',
  });
}

async function run({
  scale: share,
  salons,
  collector = false,
  load = false,
  tenantIsolation = false,
  report: reportPath,
}: BenchOptions): Promise<Outcome> {
  const scale = salons === undefined ? share : salons / DOCUMENTED_SALONS;
  const onProgress = startProgress();
  const reportFolder = new ReportFolder(reportPath, 'bench.json');
  const { withRunFolder } = await import('../local-postgres/run-folder');
  const { bench } = await import('../benchmark/bench');
  const { draw } = await import('../benchmark/report/picture');
  const { summarize } = await import('../benchmark/report/summary');
  const report = await withRunFolder(LEAST_DISK_GB + DISK_GB * scale, (folder) =>
    bench({ scale, collector, load, tenantIsolation, folder, reportFolder: reportPath, onProgress }),
  );
  const file = reportFolder.write(report);
  writeFileSync(join(reportPath, 'bench.svg'), draw(report));
  const text = [...summarize(report), `report: ${file}`].join('\n');
  return { text, json: report, ok: (report.missed ?? []).length === 0 };
}

async function publishReport(folder: string): Promise<Outcome> {
  const { publish } = await import('../benchmark/report/publish');
  publish(folder);
  return {
    text: `README.md and lib/benchmark have the figures of ${folder}`,
    json: { published: folder },
    ok: true,
  };
}
