import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Stage } from 'aws-cdk-lib';
import { type Acknowledged, Acknowledgements } from './acknowledgements';
import { everyEnvironment } from '../safe-change/refuse';
import { isSafe } from '../safe-change/safe-change';
import { safeChangeText } from '../safe-change/text';
import { rulePacks } from './rule-packs';

/** A violation of a rule, found on a construct. */
interface Finding {
  /** Id of the rule, as an acknowledgement writes it: with the finding in brackets where a rule reports several. */
  readonly rule: string;
  /** Path of the construct. */
  readonly resource: string;
  readonly description: string;
}

/** Result of the review for one environment. */
export interface EnvironmentReview {
  readonly name: string;
  /** Findings of the rule packs that nobody acknowledged. */
  readonly findings: Finding[];
  /** Every finding that somebody accepted, and why. */
  readonly acknowledged: Acknowledged[];
  /** Acknowledgements that cover no finding: the finding is gone, or they never matched one. */
  readonly unused: Acknowledged[];
  /** Findings of CloudFormation's validation that nobody acknowledged, warnings included. */
  readonly validationErrors: Finding[];
  /** What the environment rests on: each reason once, with how many findings it covers. */
  readonly reasons: Rest[];
}

/** A reason, and the findings that it covers. */
interface Rest {
  readonly reason: string;
  readonly findings: number;
  /** The rules, each once, without the finding in brackets. */
  readonly rules: string[];
}

/** Result of the review of an app. */
export interface Review {
  readonly environments: EnvironmentReview[];
  /** Context values that a synthesis would have to look up in an account; none is allowed. */
  readonly missingContext: string[];
  /** What would lose data, for each environment that has something to correct: a text with what to do. */
  readonly unsafeChanges: string[];
}

interface Violation {
  readonly ruleName: string;
  readonly description: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
}

interface ValidationReport {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly Violation[];
    readonly suppressedViolations?: readonly Violation[];
  }[];
}

/**
 * Synthesizes an app and lists every finding of the rule packs and of CloudFormation's validation.
 * @param createApp makes the app, to be synthesized into the given folder: with CloudFormation's validation, and without rule packs,
 * which run here, once
 * @param record whether the app has the environments as they are configured: each is then compared with its record. Default false
 */
export function review(createApp: (outdir: string) => App, { record = false } = {}): Review {
  const outdir = mkdtempSync(join(tmpdir(), 'review-'));
  try {
    const app = createApp(outdir);
    const reportFile = join(outdir, 'validation-report.json');
    try {
      app.synth();
    } catch (error) {
      // A synthesis with validation errors throws, after it has written them to the report.
      if (!existsSync(reportFile)) throw error;
    }
    const validation = validationFindings(reportFile);
    const stages = app.node.children.filter((child): child is Stage => Stage.isStage(child));
    return {
      environments: stages.map((stage) => reviewEnvironment(stage, validation)),
      missingContext: missingContext(outdir),
      unsafeChanges: record ? unsafeChanges(outdir) : [],
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Whether no environment has anything left to correct. */
export function isClean({ environments, missingContext, unsafeChanges }: Review): boolean {
  return (
    missingContext.length + unsafeChanges.length === 0 &&
    environments.every(
      ({ findings, unused, validationErrors }) => [...findings, ...unused, ...validationErrors].length === 0,
    )
  );
}

/** A review for the console: a line for each environment, and below it what is left to correct. */
export function reviewText({ environments, missingContext, unsafeChanges }: Review): string {
  const lines = environments.flatMap(({ name, findings, acknowledged, unused, validationErrors, reasons }) => [
    `${name}: ${findings.length} findings, ${acknowledged.length} acknowledged with ${reasons.length} distinct reasons, ${unused.length} unused acknowledgements, ${validationErrors.length} validation errors`,
    ...[...findings, ...validationErrors].map(
      ({ rule, resource, description }) => `  ${rule} ${resource}: ${description}`,
    ),
    ...unused.map(({ rule, resource }) => `  ${rule} ${resource}: acknowledged, but no finding needs it; delete it`),
  ]);
  const missing = missingContext.map((key) => `missing context: ${key}`);
  return [...lines, ...reasonLines(environments), ...missing, ...unsafeChanges].join('\n');
}

/** Every reason once, with the environments that rest on it. */
function reasonLines(environments: readonly EnvironmentReview[]): string[] {
  const reasons = [...new Set(environments.flatMap((each) => each.reasons.map(({ reason }) => reason)))];
  return reasons.flatMap((reason, index) => {
    const resting = environments.flatMap(({ name, reasons: all }) => {
      const rest = all.find((each) => each.reason === reason);
      return rest ? [{ name, ...rest }] : [];
    });
    const covered = resting.map(({ name, findings }) => `${name} ${findings}`).join(', ');
    const rules = [...new Set(resting.flatMap((rest) => rest.rules))].join(', ');
    return [`${index + 1}. ${reason}.`, `   Covers: ${covered} (${rules})`];
  });
}

function reasonsOf(acknowledged: readonly Acknowledged[]): Rest[] {
  return [...new Set(acknowledged.map(({ reason }) => reason))].map((reason) => {
    const covered = acknowledged.filter((each) => each.reason === reason);
    return {
      reason,
      findings: covered.length,
      rules: [...new Set(covered.map(({ rule }) => rule.replace(/\[.*/, '')))],
    };
  });
}

function reviewEnvironment(stage: Stage, validation: readonly Finding[]): EnvironmentReview {
  const acknowledgements = new Acknowledgements(stage);
  const ofStage = validation.filter(({ resource }) => resource.startsWith(`${stage.node.id}/`));
  const packs = acknowledgements.match(packFindings(stage));
  const cloudFormation = acknowledgements.match(ofStage);
  const acknowledged = [...packs.acknowledged, ...cloudFormation.acknowledged];
  return {
    name: stage.node.id,
    findings: packs.open,
    acknowledged,
    reasons: reasonsOf(acknowledged),
    unused: acknowledgements.unused(),
    validationErrors: cloudFormation.open,
  };
}

/** All findings of the packs, acknowledged or not. */
function packFindings(stage: Stage): Finding[] {
  return rulePacks().flatMap((pack) => {
    // A pack leaves acknowledged findings out of its report and has no option to list them. With its private method `isAcknowledged`
    // always answering no, it reports every finding, and the acknowledgements are matched here.
    Object.defineProperty(pack, 'isAcknowledged', { value: () => false });
    return pack.validateScope(stage).violations.flatMap(({ ruleName, description, violatingResources }) =>
      violatingResources.map((resource) => ({
        rule: ruleName,
        resource: (resource as { constructPath?: string }).constructPath ?? '',
        description,
      })),
    );
  });
}

/** All findings of CloudFormation's validation, acknowledged or not. */
function validationFindings(reportFile: string): Finding[] {
  const { pluginReports } = JSON.parse(readFileSync(reportFile, 'utf8')) as ValidationReport;
  return pluginReports
    .filter(({ pluginName }) => pluginName === 'CloudFormation Validate')
    .flatMap(({ violations, suppressedViolations = [] }) => [...violations, ...suppressedViolations])
    .flatMap(({ ruleName, description, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => ({
        rule: `CloudFormation-Validate::${ruleName}`,
        resource: constructPath,
        description,
      })),
    );
}

function unsafeChanges(outdir: string): string[] {
  return everyEnvironment(outdir)
    .filter((found) => !isSafe(found) || found.staleEntries.length > 0)
    .map(safeChangeText);
}

function missingContext(outdir: string): string[] {
  const { missing = [] } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as {
    missing?: { key: string }[];
  };
  return missing.map(({ key }) => key);
}
