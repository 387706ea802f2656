import type { EventSource } from './source';

/** Successful calls of an API, as CloudTrail reports them. */
const apiCall = (service: string, ...names: string[]) =>
  ({
    source: [`aws.${service}`],
    detailType: ['AWS API Call via CloudTrail'],
    detail: { eventSource: [`${service}.amazonaws.com`], eventName: names, errorCode: [{ exists: false }] },
  }) as const;

const rdsEvent = (...ids: string[]) =>
  ({
    source: ['aws.rds'],
    detailType: ['RDS DB Instance Event'],
    detail: { EventID: ids },
  }) as const;

/**
 * Events of AWS, under names of Prometheus counters. Meanings of the ids: RDS User Guide, "Amazon RDS event categories and messages".
 */
export const EVENT_SOURCES = {
  aws_event_rds_failover_total: {
    from: 'event',
    pattern: rdsEvent('RDS-EVENT-0013', 'RDS-EVENT-0015', 'RDS-EVENT-0049'),
    meaning: 'a Multi-AZ failover started, moved the DNS name, or ended',
  },
  aws_event_rds_storage_near_ceiling_total: {
    from: 'event',
    pattern: rdsEvent('RDS-EVENT-0225'),
    meaning: 'storage has reached 80 % of its ceiling',
  },
  aws_event_rds_storage_cannot_grow_total: {
    from: 'event',
    pattern: rdsEvent(
      'RDS-EVENT-0007',
      'RDS-EVENT-0089',
      'RDS-EVENT-0221',
      'RDS-EVENT-0222',
      'RDS-EVENT-0223',
      'RDS-EVENT-0224',
    ),
    meaning: 'storage is full or cannot grow',
  },
  aws_event_backup_copy_failed_total: {
    from: 'event',
    needs: 'backupCopies',
    pattern: { source: ['aws.backup'], detailType: ['Copy Job State Change'], detail: { state: ['FAILED'] } },
    meaning: 'AWS Backup could not copy a snapshot to another region or account',
  },
  aws_event_backup_restore_failed_total: {
    from: 'event',
    needs: 'backups',
    pattern: {
      source: ['aws.backup'],
      detailType: ['Restore Job State Change'],
      detail: { status: ['FAILED', 'ABORTED'], resourceType: ['RDS'] },
    },
    meaning: 'AWS Backup could not restore a database, in a restore test or for a person',
  },
  aws_event_secret_rotation_failed_total: {
    from: 'event',
    pattern: {
      source: ['aws.secretsmanager'],
      detailType: ['AWS Service Event via CloudTrail'],
      detail: { eventName: ['RotationFailed', 'RotationAbandoned', 'TestRotationFailed'] },
    },
    meaning: 'Secrets Manager could not rotate a secret',
  },
  aws_event_master_secret_read_total: {
    from: 'event',
    // BatchGetSecretValue has an event GetSecretValue for each secret (Secrets Manager API reference, BatchGetSecretValue).
    pattern: apiCall('secretsmanager', 'GetSecretValue'),
    meaning: 'somebody read the secret of the master user; not the functions that migrate and rotate',
  },
  aws_event_access_role_assumed_total: {
    from: 'event',
    needs: 'access',
    pattern: apiCall('sts', 'AssumeRole'),
    meaning: 'a person assumed a role that reaches the servers',
  },
  aws_event_access_session_started_total: {
    from: 'event',
    needs: 'access',
    pattern: apiCall('ssm', 'StartSession', 'ResumeSession'),
    meaning: 'a person opened a session through the gateway',
  },
} as const satisfies Record<string, EventSource>;
