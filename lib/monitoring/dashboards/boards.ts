/** One of the owner's four dashboards. */
export interface Board {
  /** The owner's name of it, shown at its top. */
  readonly title: string;
  /** Its name in CloudWatch, after the environment's. */
  readonly key: string;
  /** Groups of alerts.yml that it shows. The overview shows all that no other board does, so that a new group is never lost. */
  readonly groups: readonly string[];
  /** How far back it shows, ISO 8601: as far as its alarms look. */
  readonly start: string;
}

/** Shows every group that no other board claims. */
export const OVERVIEW: Board = { title: 'PostgreSQL Overview', key: 'postgresql-overview', groups: [], start: '-PT3H' };
/** Shows replicas and their slots. */
export const REPLICATION: Board = {
  title: 'Replication Status',
  key: 'replication-status',
  groups: ['replication_health'],
  start: '-PT3H',
};
/** Shows what the salons do. */
export const WHATSAPP: Board = {
  title: 'WhatsApp SaaS Metrics',
  key: 'whatsapp-saas-metrics',
  groups: ['whatsapp_saas_alerts'],
  start: '-P1D',
};
/** Shows backups and the recovery point. */
export const BACKUP: Board = {
  title: 'Backup Status',
  key: 'backup-status',
  groups: ['backup_health', 'restore_drills'],
  start: '-P7D',
};

/** All dashboards, in the owner's order. */
export const BOARDS: readonly Board[] = [OVERVIEW, REPLICATION, WHATSAPP, BACKUP];

/** The one board that shows a group. */
export function boardOf(group: string): Board {
  return BOARDS.find(({ groups }) => groups.includes(group)) ?? OVERVIEW;
}

/** A dashboard's name in CloudWatch: letters, digits and `-`; an account's dashboards share one space of names over all regions. */
export function boardName(environment: string, { key }: Board): string {
  return `${environment}-${key}`;
}
