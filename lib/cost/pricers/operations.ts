import { backupPrice, restoreTestPrice } from '../backup-price';
import { type CostLine, DAYS_PER_MONTH, HOURS_PER_MONTH } from '../cost-line';
import { drillPrice } from '../drill-price';
import type { Resource } from '../resources';
import type { Pricer } from './pricer';

/** Steps of a recovery document. */
const STEPS = 10;
const MINUTES_PER_MONTH = HOURS_PER_MONTH * 60;
/** MB of a function whose template does not say it. */
const DEFAULT_MB = 128;
/** Seconds and memory of the function that rotates a secret, each time; AWS's own application has it. */
const ROTATION = { seconds: 30, gb: 0.25 };

/** What all backups of the environment keep. */
export const BACKUP_PLAN: Pricer = {
  group: 'backups',
  lines: (_, { config, usage, line }) => backupPrice(config, usage, line),
};

/** AWS Backup's restore testing. */
export const RESTORE_TESTING: Pricer = {
  group: 'restore drills',
  lines: (_, { config, usage, line }) => restoreTestPrice(config, usage, line),
};

/** Evaluations of the controls of AWS Backup Audit Manager. */
export const BACKUP_AUDIT: Pricer = {
  group: 'backups',
  lines: (_, { usage, line }) => [
    line(
      'evaluations of controls',
      usage.auditEvaluations,
      'evaluations',
      'backup/auditEvaluation',
      'auditEvaluations',
    ),
  ],
};

/** The state machine of the drills has the price of all drills; that of the table recovery runs when a person starts it. */
export const STATE_MACHINE: Pricer = {
  group: 'restore drills',
  lines: ({ id }, { config, usage, line }) => {
    if (!isOfRecovery(id)) return drillPrice(config, usage, line);
    const { restoredHours, recoveryRuns } = usage;
    return [
      line(
        'runs that a person starts: restored instance',
        recoveryRuns * restoredHours,
        'hours',
        `rds/instanceHour/${config.database.instanceClass}`,
        'recoveryRuns',
        'restoredHours',
      ),
    ];
  },
};

function isOfRecovery(id: string): boolean {
  return id.includes('Recovery');
}

/** A recovery document costs what its runs take. */
export const DOCUMENT: Pricer = {
  group: 'functions',
  lines: (_, { usage, line }) => [
    line('steps of runs', usage.recoveryRuns * STEPS, 'steps', 'systemsManager/step', 'recoveryRuns'),
  ],
};

/** A function: the collector and the inspector by their schedules, the others by the usage file. Those of a drill are in the drill's price. */
export const FUNCTION: Pricer = {
  group: 'functions',
  lines: (resource, { usage, line }) => {
    if (/^Restore(Drill|Testing)/.test(resource.id)) return [];
    const gb = Number(resource.properties['MemorySize'] ?? DEFAULT_MB) / 1024;
    const [calls, seconds, name] = runsOf(resource, usage);
    return [
      line('time', calls * seconds * gb, 'GB-seconds', 'lambda/armGbSecond', name),
      line('requests', calls, 'requests', 'lambda/request', name),
    ];
  },
};

type Seconds = 'collectorSeconds' | 'inspectorSeconds' | 'otherFunctionSeconds';

function runsOf({ id }: Resource, usage: Readonly<Record<Seconds, number>>): readonly [number, number, Seconds] {
  if (/^Collector/.test(id)) return [MINUTES_PER_MONTH, usage.collectorSeconds, 'collectorSeconds'];
  if (/^Inspector/.test(id)) return [MINUTES_PER_MONTH / 5, usage.inspectorSeconds, 'inspectorSeconds'];
  return [1, usage.otherFunctionSeconds, 'otherFunctionSeconds'];
}

/** The application that rotates a secret: its function runs once for each rotation. */
export const ROTATION_APPLICATION: Pricer = {
  group: 'functions',
  lines: (_, { config, line }) => {
    const rotation = config.secretRotationDays;
    const rotations = rotation.enabled ? DAYS_PER_MONTH / rotation.days : 0;
    return [line('rotations', rotations * ROTATION.seconds * ROTATION.gb, 'GB-seconds', 'lambda/armGbSecond')];
  },
};

/** Calls of a schedule; its expression tells how many. */
export const SCHEDULE: Pricer = {
  group: 'functions',
  lines: ({ properties }, { line }) => [
    line('calls', callsOf(String(properties['ScheduleExpression'])), 'calls', 'scheduler/invocation'),
  ],
};

const RATE = /^rate\((\d+) (minute|hour|day)s?\)$/;
const MINUTES = { minute: 1, hour: 60, day: 24 * 60 } as const;

/** Calls a month. Schedules by cron here run at most once a day, and are counted as daily. */
function callsOf(expression: string): number {
  const [, count, unit] = RATE.exec(expression) ?? [];
  if (count === undefined) return DAYS_PER_MONTH;
  return MINUTES_PER_MONTH / (Number(count) * MINUTES[unit as keyof typeof MINUTES]);
}

/** A customer managed key. Its first two rotations each add as much again (unconfirmed), and are not counted. */
export const KEY: Pricer = {
  group: 'keys and secrets',
  lines: (_, { line, usage }) => [
    line('key', 1, 'key', 'kms/keyMonth'),
    line('requests', usage.keyRequests, 'requests', 'kms/request', 'keyRequests'),
  ],
};

/** A secret. */
export const SECRET: Pricer = {
  group: 'keys and secrets',
  lines: (_, { line, usage }) => [
    line('secret', 1, 'secret', 'secretsManager/secretMonth'),
    line('calls', usage.secretCalls, 'calls', 'secretsManager/call', 'secretCalls'),
  ],
};

/** A topic: notifications, and the mails that it sends. */
export const TOPIC: Pricer = {
  group: 'notifications',
  lines: (_, { line, usage }) => [
    line('notifications', usage.notifications, 'requests', 'sns/request', 'notifications'),
    line('mails', usage.notifications, 'mails', 'sns/email', 'notifications'),
  ],
};

/** The queue of what could not be delivered. */
export const QUEUE: Pricer = {
  group: 'notifications',
  lines: (_, { line, usage }) => [line('requests', usage.notifications, 'requests', 'sqs/request', 'notifications')],
};

/** A bucket with reports of backups. */
export const BUCKET: Pricer = {
  group: 'backups',
  lines: (_, { line, usage }) => [line('kept', usage.bucketGb, 'GB', 's3/gbMonth', 'bucketGb')],
};

/** The host through which people reach the database. */
export const HOST: Pricer = {
  group: 'people',
  lines: ({ properties }, { line }): CostLine[] => {
    const gb = ((properties['BlockDeviceMappings'] ?? []) as { Ebs?: { VolumeSize?: number } }[]).reduce(
      (sum, { Ebs }) => sum + (Ebs?.VolumeSize ?? 0),
      0,
    );
    const type = String(properties['InstanceType']);
    return [
      line(`host, ${type}`, HOURS_PER_MONTH, 'hours', `ec2/instanceHour/${type}`),
      line('its volume', gb || DEFAULT_VOLUME_GB, 'GB', 'ec2/gp3GbMonth'),
    ];
  },
};

/** Amazon Linux's own volume, GB. */
const DEFAULT_VOLUME_GB = 8;
