/** The tag that the backup plan selects by. Only the primary carries it. */
export const BACKUP_TAG = { key: 'whatsapp-saas:backup', value: 'continuous' } as const;
/** The tag of an instance that a recovery made; its value is the instance that it was restored from. */
export const RESTORED_TAG = 'whatsapp-saas:restored-from';
