import { APPLICATION_QUERY_CHECKS } from './application-queries';
import { BACKUP_CHECKS } from './backups';
import { CREDENTIAL_CHECKS } from './credentials';
import { DURABILITY_CHECKS } from './durability';
import { INDEX_CHECKS } from './indexes';
import { LIMIT_CHECKS } from './limits';
import { MIGRATION_CHECKS } from './migrations';
import { MONITORING_CHECKS } from './monitoring';
import { POOLING_CHECKS } from './pooling';
import { REPLICA_CHECKS } from './replicas';
import { STATEMENT_CHECKS } from './statements';
import { TLS_CHECKS } from './tls';
import { UPKEEP_CHECKS } from './upkeep';
import type { Check } from '../check';

/** Every check, in the order of the report. */
export const CHECKS: readonly Check[] = [
  ...BACKUP_CHECKS,
  ...REPLICA_CHECKS,
  ...POOLING_CHECKS,
  ...APPLICATION_QUERY_CHECKS,
  ...INDEX_CHECKS,
  ...CREDENTIAL_CHECKS,
  ...TLS_CHECKS,
  ...MONITORING_CHECKS,
  ...STATEMENT_CHECKS,
  ...MIGRATION_CHECKS,
  ...DURABILITY_CHECKS,
  ...UPKEEP_CHECKS,
  ...LIMIT_CHECKS,
];
