import type { EnvironmentAssembly } from '../../../assembly/environment-assembly';
import type { EnvironmentConfig } from '../../../config/schema/environment';
import { compileContext } from '../../../monitoring/context';
import { topicOf } from '../topic';
import { deployedValues } from './deployed-values';
import { matchesEvent } from './event-pattern';
import { type InputTransformer, transform } from './input-transformer';
import type { EventFacts, SampleEvent } from './sample-event';
import { sampleEvents } from './samples';

/** A rule of EventBridge under the sample events. */
export interface ReplayedRule {
  /** Its name without the environment, or its logical id. */
  readonly rule: string;
  /** Whom it tells: a topic's severity, or the logical id of a function. */
  readonly tells: string;
  /** Number of sample events that it matched and must match. */
  readonly matched: number;
  /** Number of sample events that it must not match and did not. */
  readonly refused: number;
  /** What does not hold, a sentence without a full stop each. */
  readonly faults: string[];
}

/** Whom each rule tells. Stated here a second time, independently of alerts.yml and the constructs. */
const TELLS: Readonly<Record<string, string>> = {
  PostgreSQLFailover: 'warning',
  PostgreSQLStorageNearCeiling: 'warning',
  PostgreSQLStorageCannotGrow: 'critical',
  PostgreSQLBackupCopyFailed: 'warning',
  PostgreSQLBackupCopyFailedWithoutSentence: 'warning',
  PostgreSQLRestoreFailed: 'warning',
  PostgreSQLRestoreFailedWithoutSentence: 'warning',
  PostgreSQLMasterSecretRead: 'critical',
  PostgreSQLSecretRotationFailed: 'critical',
  BackupCompleted: 'info',
  CopyCompleted: 'info',
  RestoreCompleted: 'info',
  BackupWithRemark: 'warning',
  BackupFailed: 'critical',
  BackupFailedWithoutSentence: 'critical',
  RestoreTestingRestored: 'RestoreTestingValidation',
};

interface Rule {
  readonly name: string;
  readonly pattern: unknown;
  readonly state: unknown;
  readonly targets: readonly { readonly Arn: unknown; readonly InputTransformer?: InputTransformer }[];
}

/** Rules that not every environment has. */
const NEEDS: Readonly<Record<string, (config: EnvironmentConfig) => boolean>> = {
  PostgreSQLBackupCopyFailed: (config) => compileContext(config).hasBackupCopies,
  PostgreSQLBackupCopyFailedWithoutSentence: (config) => compileContext(config).hasBackupCopies,
  RestoreTestingRestored: ({ backups }) => backups.restoreTesting !== undefined,
};

/**
 * Sends sample events, and look-alikes, to every rule of an environment, and follows what it delivers. A rule that is missing has a fault.
 * @param config of the environment, as it was synthesized
 */
export function replayEvents(assembly: EnvironmentAssembly, config: EnvironmentConfig): ReplayedRule[] {
  const rules = readRules(assembly);
  const samples = sampleEvents(readFacts(assembly));
  const overrideOf = (name: string) => config.alerts.overrides[name.replace(/WithoutSentence$/, '')];
  const missing = Object.keys(TELLS).filter(
    (name) =>
      (NEEDS[name]?.(config) ?? true) &&
      overrideOf(name)?.switchedOff === undefined &&
      !rules.some((rule) => rule.name === name),
  );
  return [
    ...rules.map((rule) => replayRule(rule, samples, overrideOf(rule.name)?.severity ?? TELLS[rule.name])),
    ...missing.map((rule) => ({
      ...{ rule, tells: 'nobody', matched: 0, refused: 0 },
      faults: [`the event rule ${rule} is missing: nobody hears of ${whatOf(rule, samples)}`],
    })),
  ];
}

function whatOf(rule: string, samples: readonly SampleEvent[]): string {
  return samples.find(({ rules }) => rules.includes(rule))?.what ?? 'its events';
}

function replayRule(
  { name, pattern, state, targets }: Rule,
  samples: readonly SampleEvent[],
  mustTell: string | undefined,
): ReplayedRule {
  const faults: string[] = [];
  const tells = targets.map(({ Arn }) => toldOf(Arn)).join(' and ') || 'nobody';
  const wanted = samples.filter(({ rules }) => rules.includes(name));
  const others = samples.filter((sample) => !wanted.includes(sample));
  const matches = ({ event }: SampleEvent) => matchesEvent(pattern, event);
  const say = (sentence: string) => faults.push(`the event rule ${name} ${sentence}`);
  if (String(state).startsWith('DISABLED')) say('is disabled');
  if (wanted.length === 0) say('has no sample event in lib/rehearsal/replay/events/samples.ts');
  for (const sample of wanted) {
    if (!matches(sample)) say(`does not match ${sample.what}`);
    else
      for (const { InputTransformer } of targets) {
        const text = InputTransformer ? transform(InputTransformer, sample.event) : '';
        if (sample.quotes !== undefined && !text.includes(sample.quotes))
          say(`does not tell "${sample.quotes}" of ${sample.what}`);
      }
  }
  for (const sample of others) if (matches(sample)) say(`matches ${sample.what}, which it must not`);
  if (tells !== mustTell) say(`tells ${tells}; expected: ${mustTell ?? 'an entry in lib/rehearsal/replay/events'}`);
  return {
    rule: name,
    tells,
    matched: wanted.filter(matches).length,
    refused: others.filter((sample) => !matches(sample)).length,
    faults,
  };
}

function toldOf(arn: unknown): string {
  const text = JSON.stringify(arn);
  return topicOf(arn)?.toLowerCase() ?? /"(\w+?)[0-9A-F]{8}"/.exec(text)?.[1] ?? text;
}

function readRules(assembly: EnvironmentAssembly): Rule[] {
  const { environment } = assembly;
  return assembly
    .ofType('AWS::Events::Rule')
    .filter(({ properties }) => properties['EventPattern'] !== undefined)
    .map(({ logicalId, properties }) => {
      const id = logicalId
        .slice(0, -8)
        .replace(`AlarmsEvents${environment}`, '')
        .replace(/^BackupNotices/, '');
      return {
        name: ((properties['Name'] as string | undefined) ?? id).replace(`${environment}-`, ''),
        pattern: deployedValues(properties['EventPattern']),
        state: properties['State'],
        targets: properties['Targets'] as Rule['targets'],
      };
    });
}

function readFacts(assembly: EnvironmentAssembly): EventFacts {
  const ids = (type: string) => assembly.ofType(type).map(({ logicalId }) => logicalId);
  const secret = (name: string) =>
    deployedValues({
      Ref: ids('AWS::SecretsManager::SecretTargetAttachment').find((id) => id.includes(name)) ?? name,
    }) as string;
  const [plan] = ids('AWS::Backup::RestoreTestingPlan');
  const application = assembly
    .ofType('AWS::Serverless::Application')
    .find(({ logicalId }) => logicalId.includes('MasterRotation'));
  const rotation = (application?.properties['Parameters'] as { functionName: string } | undefined)?.functionName;
  const instances = ids('AWS::RDS::DBInstance');
  return {
    instances: [
      ...instances.filter((id) => id.includes('Primary')),
      ...instances.filter((id) => !id.includes('Primary')),
    ],
    vaults: assembly
      .ofType('AWS::Backup::BackupVault')
      .filter(({ stack }) => stack.endsWith('-Backup'))
      .map(({ logicalId }) => `FnGetAtt${logicalId}BackupVaultArn`),
    ...(plan !== undefined && { restoreTestingPlan: `${plan}.RestoreTestingPlanArn` }),
    masterSecret: secret('Master'),
    applicationSecret: secret('Application'),
    ...(rotation !== undefined && { rotation }),
  };
}
