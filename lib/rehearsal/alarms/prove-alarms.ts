import type { EnvironmentAssembly } from '../../assembly/environment-assembly';
import type { Cluster } from '../../local-postgres/cluster';
import type { CheckResult } from '../report';
import { faultPhases } from '../scenarios/phases';
import type { AlarmProof } from './alarm-proof';
import { loadCollector } from './deployed-collector';
import { type CrossTalk, provePhase } from './prove-phase';
import { checkPublishedValues } from './published-values';
import { readAlarms } from './read-alarm';

/** Options of proveAlarms. */
export interface AlarmRehearsal {
  readonly assembly: EnvironmentAssembly;
  /** Migrated. */
  readonly cluster: Cluster;
  readonly databaseName: string;
  /** Receives a line for each phase. */
  readonly onProgress: (line: string) => void;
}

/**
 * Proves the deployed alarms, phase by phase. After the first phase, when there are rows, it also checks the values that the collector
 * publishes.
 */
export async function proveAlarms(rehearsal: AlarmRehearsal): Promise<{
  readonly proofs: AlarmProof[];
  readonly crossTalk: CrossTalk[];
  readonly published: CheckResult;
}> {
  const { assembly, cluster, databaseName, onProgress } = rehearsal;
  const { environment } = assembly;
  const collector = await loadCollector(assembly, cluster, databaseName);
  const alarms = readAlarms(assembly);
  const proofs: AlarmProof[] = [];
  const crossTalk: CrossTalk[] = [];
  let published: CheckResult | undefined;
  for (const phase of faultPhases(cluster)) {
    onProgress(`faults: ${phase.name}`);
    // New sessions for each phase, because the last phase kills their server.
    const admin = await cluster.connect(cluster.primary);
    const superuser = await cluster.connect(cluster.primary, cluster.superuser);
    const target = { cluster, admin, superuser };
    const result = await provePhase(phase, { environment, alarms, startCollector: collector.start, target });
    proofs.push(...result.proofs);
    crossTalk.push(...result.crossTalk);
    published ??= await checkPublishedValues(collector, superuser);
    await Promise.allSettled([admin.end(), superuser.end()]);
  }
  if (!published) throw new Error('the rehearsal has no phase of faults');
  return { proofs, crossTalk, published };
}
