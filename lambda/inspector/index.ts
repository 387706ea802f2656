import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { RDSClient } from '@aws-sdk/client-rds';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import type { InspectorMetric } from '../../lib/contract/metrics';
import { logger } from '../shared/logger';
import { publish, PUBLISHER_CLIENT } from '../shared/publish';
import { decide } from './decide';
import { overdueDrills } from './drills';
import { type InspectorSettings, readEnv } from './env';
import { overdueJobs } from './jobs';
import { type FailedInspection, inspect, type Inspection } from './read';
import { regionOf, unconfirmedSubscriptions } from './subscriptions';

/** Settings, AWS clients and clock; tests replace them. */
interface InspectorDependencies {
  readonly settings: InspectorSettings;
  readonly rds: RDSClient;
  readonly cloudWatch: Pick<CloudWatchClient, 'send'>;
  readonly sfn: SFNClient;
  readonly scheduler: SchedulerClient;
  /** The client of a region. */
  readonly sns: (region: string) => SNSClient;
  readonly now: () => Date;
}

/**
 * Creates an inspector. Each call asks AWS about servers, drills, jobs and topics and publishes the answers as metrics. When AWS leaves something out,
 * the rest is published, but the call fails and inspector_passes is not published: the alarm on missing passes covers every missing value.
 */
export function createHandler({
  settings,
  rds,
  cloudWatch,
  sfn,
  scheduler,
  sns,
  now,
}: InspectorDependencies): () => Promise<void> {
  const { environment, servers } = settings;
  const primaryName = servers[0]?.name ?? '';
  return async () => {
    const inspections = await Promise.all(servers.map((server) => inspect(rds, server)));
    const timestamp = now();
    const answers = inspections.filter((each): each is Inspection => 'instance' in each);
    const { series, missing } = decide(answers, primaryName, timestamp);
    const created = answers.find(({ server }) => server === primaryName)?.instance.InstanceCreateTime;
    const overdue =
      settings.drills === undefined
        ? undefined
        : await overdueDrills({ cloudWatch, sfn }, environment, settings.drills, created, timestamp);
    const late = await overdueJobs({ cloudWatch, scheduler }, environment, created, timestamp);
    const unconfirmed = await unconfirmedSubscriptions(sns, settings.topics, timestamp);
    const faults = [
      ...inspections
        .filter((each): each is FailedInspection => 'failure' in each)
        .map(({ server, failure }) => `${server}: ${failure}`),
      ...missing.map(({ server, field }) => `${server}: RDS does not give ${field}`),
      ...[overdue, late].filter((each) => typeof each === 'string'),
      ...unconfirmed.faults,
    ];
    for (const fault of faults) logger.warn('value is missing', { fault });
    const passes = { metric: 'inspector_passes' satisfies InspectorMetric, values: [1] };
    const all = [
      ...series,
      ...[overdue, late].filter((each) => typeof each === 'object'),
      ...unconfirmed.series,
      ...(faults.length > 0 ? [] : [passes]),
    ];
    await publish(cloudWatch, all, environment, timestamp);
    if (faults.length > 0) throw new Error(`failed: ${faults.join('; ')}; everything else was published`);
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
  const regions = [...new Set(settings.topics.map(regionOf))];
  const sns = new Map(regions.map((each) => [each, new SNSClient({ region: each, ...PUBLISHER_CLIENT })]));
  return {
    settings,
    rds: new RDSClient({ region, ...PUBLISHER_CLIENT }),
    cloudWatch: new CloudWatchClient({ region, ...PUBLISHER_CLIENT }),
    sfn: new SFNClient({ region, ...PUBLISHER_CLIENT }),
    scheduler: new SchedulerClient({ region, ...PUBLISHER_CLIENT }),
    sns: (each) => sns.get(each)!,
    now: () => new Date(),
  };
}
