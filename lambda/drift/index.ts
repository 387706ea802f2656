import { jobMetric } from '../../lib/contract/care/jobs';
import { notificationOf, type Section } from '../../lib/contract/care/section';
import type { DriftMetric } from '../../lib/contract/metrics';
import { type Drift, drift, type DriftServices } from '../../lib/drift/drift';
import { logger } from '../shared/logger';
import { publish } from '../shared/publish';
import { sendNotification } from '../shared/send-notification';
import { regionalServices } from './aws';
import { type DriftSettings, readEnv } from './env';

/** Settings, AWS clients and clock; tests replace them. */
interface DriftDependencies {
  readonly settings: DriftSettings;
  /** The services of a region. */
  readonly aws: (region: string) => DriftServices;
  readonly now: () => Date;
}

/**
 * Creates the function that compares the account with what was deployed. A run sends one notification, and publishes the number of
 * differences; where something could not be compared it fails after that.
 */
export function createHandler({ settings, aws, now }: DriftDependencies): () => Promise<void> {
  const { environment, region, stacks, topic } = settings;
  return async () => {
    const started = now();
    const found = await drift({ config: { name: environment, region }, aws, stacks, now: started });
    const notification = notificationOf(`Drift of ${environment}`, sectionsOf(found));
    logger.info('notification', { ...notification });
    await sendNotification(aws(region).sns, topic, notification);
    const isComplete = found.notChecked.length === 0;
    await publish(
      aws(region).cloudWatch,
      [
        { metric: 'drift_findings' satisfies DriftMetric, values: [found.findings.length] },
        ...(isComplete ? [{ metric: jobMetric('drift'), values: [1] }] : []),
      ],
      environment,
      started,
    );
    if (!isComplete) {
      const areas = found.notChecked.map((each) => `${each.area} in ${each.region} (${each.found})`);
      throw new Error(`not compared: ${areas.join(', ')}; everything else was`);
    }
  };
}

/** A part for what differs, and one for each comparison that could not be made. */
function sectionsOf({ findings, notChecked, compared }: Drift): Section[] {
  return [
    {
      title: 'The account against the deployed templates',
      state: findings.length > 0 ? 'look' : 'fine',
      lines: [
        `${findings.length} differences in ${compared} comparisons`,
        ...findings.map(
          ({ kind, resource, region, found, expected, action }) =>
            `${kind}: ${resource} (${region}): ${found}; expected: ${expected}. Do: ${action}`,
        ),
      ],
    },
    ...notChecked.map(({ area, region, found, action }): Section => ({
      title: `${area} in ${region}`,
      state: 'failed',
      lines: [`${found}; ${action}`],
    })),
  ];
}

let compare: (() => Promise<void>) | undefined;

/** Entry point in AWS. */
export const handler = (): Promise<void> => {
  compare ??= createHandler({ settings: readEnv(), aws: regionalServices(), now: () => new Date() });
  return compare();
};
