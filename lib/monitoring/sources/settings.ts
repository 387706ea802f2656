import type { SettingSource } from './source';

/** Numbers from the configuration that alerts compare with, each for the alarm's server. */
export const SETTING_SOURCES = {
  rds_storage_ceiling_bytes: {
    from: 'setting',
    setting: 'storageCeilingBytes',
    meaning: 'ceiling of storage autoscaling',
    unit: 'bytes',
  },
  rds_vcpus: { from: 'setting', setting: 'vcpus', meaning: 'virtual CPUs of the instance class' },
  pg_slots_keep_bytes: {
    from: 'setting',
    setting: 'slotWalKeepBytes',
    meaning: 'max_slot_wal_keep_size',
    unit: 'bytes',
  },
  pg_connections_maximum: { from: 'setting', setting: 'maxConnections', meaning: 'max_connections' },
  proxy_connections_maximum: {
    from: 'setting',
    setting: 'proxyConnections',
    meaning: 'the most server connections that the proxy opens, its share of max_connections of the primary',
  },
} as const satisfies Record<string, SettingSource>;
