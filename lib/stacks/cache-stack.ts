import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CacheSettings } from '../config/schema/cache/cache';
import type { EnvironmentConfig } from '../config/schema/environment';
import { Cache } from '../constructs/cache/cache';
import { ServiceKey } from '../constructs/service-key';
import type { NetworkStack } from './network-stack';

/** The cache of one environment. */
export interface CacheStackProps extends StackProps {
  readonly config: EnvironmentConfig;
  readonly settings: CacheSettings;
  readonly network: NetworkStack;
}

/**
 * The application's cache with its key and secret. Alone in its stack, and no stack of the database refers to it: it comes and goes without a change
 * there.
 */
export class CacheStack extends Stack {
  readonly cache: Cache;

  constructor(scope: Construct, id: string, { config, settings, network, ...props }: CacheStackProps) {
    super(scope, id, { terminationProtection: config.database.deletionProtection.enabled, ...props });
    const { key } = new ServiceKey(this, 'CacheKey', {
      description: `Data and secret of the cache of ${config.name}`,
      usedThrough: ['elasticache', 'secretsmanager'],
    });
    const { vpc, databaseSubnets } = network.network;
    this.cache = new Cache(this, 'Cache', {
      config,
      settings,
      vpc,
      subnets: databaseSubnets,
      key,
      logsKey: network.logsKey,
    });
  }
}
