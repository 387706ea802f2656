/** The tag that the backup plan selects by. Only the primary carries it. */
export const BACKUP_TAG = { key: 'whatsapp-saas:backup', value: 'continuous' } as const;
