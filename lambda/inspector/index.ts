import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { RDSClient } from '@aws-sdk/client-rds';
import type { InspectorMetric } from '../../lib/contract/metrics';
import { logger } from '../shared/logger';
import { publish, PUBLISHER_CLIENT } from '../shared/publish';
import { decide } from './decide';
import { overdueDrills } from './drills';
import { type InspectorSettings, readEnv } from './env';
import { type FailedInspection, inspect, type Inspection } from './read';

/** What only AWS can give. */
export interface InspectorDependencies {
  readonly settings: InspectorSettings;
  readonly rds: RDSClient;
  readonly cloudWatch: Pick<CloudWatchClient, 'send'>;
  readonly now: () => Date;
}

/**
 * An inspector: each call asks RDS about every server and publishes what it says. Where RDS leaves something out, all else is
 * published, but the call fails and is no pass: the alarm on missing passes stands for every missing fact.
 */
export function createHandler({ settings, rds, cloudWatch, now }: InspectorDependencies): () => Promise<void> {
  const { environment, servers } = settings;
  return async () => {
    const inspections = await Promise.all(servers.map((server) => inspect(rds, server)));
    const timestamp = now();
    const answers = inspections.filter((each): each is Inspection => 'instance' in each);
    const { series: decided, missing } = decide(answers, servers[0]?.name ?? '', timestamp);
    const series = [...decided];
    const primary = answers.find(({ server }) => server === servers[0]?.name);
    const faults = [
      ...inspections
        .filter((each): each is FailedInspection => 'failure' in each)
        .map(({ server, failure }) => `${server}: ${failure}`),
      ...missing.map(({ server, fact }) => `${server}: RDS does not tell ${fact}`),
    ];
    if (settings.drills) {
      const created = primary?.instance.InstanceCreateTime;
      const overdue = await overdueDrills(cloudWatch, environment, created, timestamp);
      if (typeof overdue === 'string') faults.push(overdue);
      else if (overdue) series.push(overdue);
    }
    for (const fault of faults) logger.warn('fact is missing', { fault });
    const passes = { metric: 'inspector_passes' satisfies InspectorMetric, values: [1] };
    await publish(cloudWatch, faults.length > 0 ? series : [...series, passes], environment, timestamp);
    if (faults.length > 0) throw new Error(`failed: ${faults.join('; ')}; all else is published`);
  };
}

let run: (() => Promise<void>) | undefined;

/** Entry point in AWS. */
export const handler = (): Promise<void> => {
  run ??= createHandler(awsDependencies());
  return run();
};

function awsDependencies(): InspectorDependencies {
  const settings = readEnv();
  const { region } = settings;
  return {
    settings,
    rds: new RDSClient({ region, ...PUBLISHER_CLIENT }),
    cloudWatch: new CloudWatchClient({ region, ...PUBLISHER_CLIENT }),
    now: () => new Date(),
  };
}
