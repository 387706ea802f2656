import type { DBInstance } from '@aws-sdk/client-rds';

/** When the inspector's tests happen. */
export const NOW = new Date('2026-11-24T07:30:00Z');
/** A time so many days after NOW. */
export const daysFromNow = (days: number): Date => new Date(NOW.getTime() + days * 86_400_000);

/** RDS's answer about a healthy server of the inspector's tests. */
export function instance(id: string, changes: Partial<DBInstance> = {}): DBInstance {
  return {
    DBInstanceIdentifier: id,
    DBInstanceArn: `arn:aws:rds:us-east-1:111111111111:db:${id}`,
    AllocatedStorage: 100,
    EngineVersion: '15.17',
    BackupRetentionPeriod: 30,
    InstanceCreateTime: daysFromNow(-100),
    LatestRestorableTime: new Date(NOW.getTime() - 240_000),
    CertificateDetails: { CAIdentifier: 'rds-ca-rsa2048-g1', ValidTill: daysFromNow(200) },
    ...changes,
  };
}
