/** One of the four dashboards that the original specification names. */
export interface Board {
  /** Its name in the original, shown at its top. */
  readonly title: string;
  /** Its name in CloudWatch, after that of the environment. */
  readonly key: string;
  /** Groups of alerts.yml that it shows. The overview shows all groups that no other board shows, so a new group is never lost. */
  readonly groups: readonly string[];
  /** Its time range, ISO 8601: as long as its alarms look back. */
  readonly start: string;
}

/** Shows every group that no other board shows. */
export const OVERVIEW: Board = { title: 'PostgreSQL Overview', key: 'postgresql-overview', groups: [], start: '-PT3H' };
/** Shows replicas and replication slots. */
export const REPLICATION: Board = {
  title: 'Replication Status',
  key: 'replication-status',
  groups: ['replication_health'],
  start: '-PT3H',
};
/** Shows what happens in the salons. */
export const WHATSAPP: Board = {
  title: 'WhatsApp SaaS Metrics',
  key: 'whatsapp-saas-metrics',
  groups: ['whatsapp_saas_alerts'],
  start: '-P1D',
};
/** Shows backups and the recovery point. */
const BACKUP: Board = {
  title: 'Backup Status',
  key: 'backup-status',
  groups: ['backup_health', 'restore_drills'],
  start: '-P7D',
};

/** All dashboards, in the order of the original. */
export const BOARDS: readonly Board[] = [OVERVIEW, REPLICATION, WHATSAPP, BACKUP];

/** The one board that shows a group. */
export function boardOf(group: string): Board {
  return BOARDS.find(({ groups }) => groups.includes(group)) ?? OVERVIEW;
}

/** A dashboard's name in CloudWatch: letters, digits and `-`. It must be unique in the account, across all regions. */
export function boardName(environment: string, { key }: Board): string {
  return `${environment}-${key}`;
}
