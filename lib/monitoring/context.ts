import { vcpusOf } from '../config/aws/instance-classes';
import { cacheNodeNames } from '../config/derived/cache-nodes';
import type { EnvironmentConfig } from '../config/schema/environment';
import { slotWalKeepMiB } from '../config/derived/slot-wal';
import type { CompileContext } from './compiler/compile';
import { ROTATED_SECRETS } from '../contract/roles';
import { NOTIFICATION_TOPICS } from './paging';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** The compiler's context of an environment, from its configuration. */
export function compileContext({
  name,
  database,
  backups,
  replicas,
  proxy,
  cache,
  drills,
  secretRotationDays,
  access,
  alerts,
  import: moveIn,
}: EnvironmentConfig): CompileContext {
  const server = (serverName: string, instanceClass: string, ceilingGiB: number) => ({
    name: serverName,
    storageCeilingBytes: ceilingGiB * GIB,
    vcpus: vcpusOf(instanceClass),
    maxConnections: database.maxConnections,
    slotWalKeepBytes: slotWalKeepMiB(database) * MIB,
  });
  return {
    environment: name,
    servers: [
      server('primary', database.instanceClass, database.maxAllocatedStorageGiB),
      ...replicas.map(({ instanceClass, maxAllocatedStorageGiB }, index) =>
        server(
          `replica-${index + 1}`,
          instanceClass ?? database.instanceClass,
          maxAllocatedStorageGiB ?? database.maxAllocatedStorageGiB,
        ),
      ),
    ],
    hasProxy: proxy !== undefined,
    proxyConnections: Math.floor((database.maxConnections * (proxy?.maxConnectionsPercent ?? 0)) / 100),
    cacheNodes: cache ? cacheNodeNames(cache) : [],
    hasDrills: drills !== undefined,
    hasImport: moveIn !== undefined,
    hasBackups: database.backupRetentionDays > 0,
    hasBackupCopies: Boolean(backups.recoveryRegion ?? backups.recoveryAccountVaultArn),
    hasAccess: access !== undefined,
    rotatedSecrets: secretRotationDays.enabled ? ROTATED_SECRETS : [],
    topics: NOTIFICATION_TOPICS,
    overrides: alerts.overrides,
  };
}
