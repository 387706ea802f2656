import type { EnvironmentConfig } from '../../config/schema/environment';
import type { CostLine, Line } from '../cost-line';
import type { PriceList } from '../prices';
import type { Resource } from '../resources';
import type { Usage } from '../usage';

/** What the price of a resource depends on beside its own properties. */
export interface Pricing {
  readonly config: EnvironmentConfig;
  /** All resources of the environment. */
  readonly resources: readonly Resource[];
  readonly prices: PriceList;
  readonly usage: Usage;
  readonly line: Line;
}

/** Parts of a bill. */
export const GROUPS = [
  'servers',
  'proxy',
  'cache',
  'backups',
  'restore drills',
  'network',
  'monitoring',
  'dashboards',
  'logs',
  'keys and secrets',
  'functions',
  'notifications',
  'people',
] as const;
/** A part of a bill. */
export type Group = (typeof GROUPS)[number];

/** How resources of a type are priced. */
export interface Pricer {
  readonly group: Group;
  /** The lines of one resource; empty where another resource's lines have its price. */
  readonly lines: (resource: Resource, pricing: Pricing) => readonly CostLine[];
}
