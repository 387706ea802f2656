import type { Services } from '../account/aws';
import type { DeployedEnvironment } from './deployed-environment';

/** What may differ between the account and the deployed templates. */
export const KINDS = [
  'stack missing',
  'alarm missing',
  'alarm extra',
  'alarm changed',
  'alarm actions disabled',
  'alarm without data',
  'dashboard missing',
  'dashboard changed',
  'server missing',
  'server changed',
  'deletion protection off',
  'parameters pending',
  'parameters changed',
  'security group rule extra',
  'security group rule missing',
  'security group attached',
  'backup plan missing',
  'backup plan changed',
  'vault missing',
  'vault lock changed',
  'vault policy changed',
  'subscription unconfirmed',
  'subscription missing',
  'subscription extra',
] as const;
export type Kind = (typeof KINDS)[number];

/** The services that are asked, in one region. */
export type DriftServices = Pick<Services, 'backup' | 'cloudFormation' | 'cloudWatch' | 'ec2' | 'rds' | 'sns' | 'sts'>;
/** The services of a region. */
export type DriftAws = (region: string) => DriftServices;

/** A difference between the account and what was deployed. Texts are sentences without a full stop. */
export interface Finding {
  readonly kind: Kind;
  readonly region: string;
  /** Its name in AWS. */
  readonly resource: string;
  readonly found: string;
  /** What the deployed template says. */
  readonly expected: string;
  /** What to do. */
  readonly action: string;
}

/** A finding without the region that its area looked at. */
export type Found = Omit<Finding, 'region'>;

/** Something that is compared in each region of the environment. */
export interface Area {
  readonly name: string;
  /**
   * Reads the account and decides.
   * @throws NotAnswered with the reason
   */
  readonly look: (aws: DriftAws, region: string, deployed: DeployedEnvironment, now: Date) => Promise<Found[]>;
}

/**
 * An area.
 * @param read calls AWS and judges nothing
 * @param decide judges what was read, and calls nothing
 */
export function area<Actual>(
  name: string,
  read: (aws: DriftAws, region: string, deployed: DeployedEnvironment) => Promise<Actual>,
  decide: (actual: Actual, deployed: DeployedEnvironment, region: string, now: Date) => Found[],
): Area {
  return {
    name,
    look: async (aws, region, deployed, now) => decide(await read(aws, region, deployed), deployed, region, now),
  };
}

/** What brings a resource back: CloudFormation does not change a resource whose template stays the same. */
export const REDEPLOY =
  'undo it by hand, or change the configuration to it; a deployment alone does not, because the template is the same';
/** What brings back a resource that is gone (CloudFormation User Guide, "Update a stack": a missing resource fails an update). */
export const GONE =
  'find out who deleted it (CloudTrail); create it again by hand with the same name, or take it out of the template, deploy, and put it back';
