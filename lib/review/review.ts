import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Stage } from 'aws-cdk-lib';
import { type Acknowledged, Acknowledgements } from './acknowledgements';
import { rulePacks } from './rule-packs';

/** Something that a rule found on a construct. */
export interface Finding {
  /** Id of the rule, as an acknowledgement writes it: with the finding in brackets where a rule reports several. */
  readonly rule: string;
  /** Path of the construct. */
  readonly resource: string;
  readonly description: string;
}

/** What the review says of one environment. */
export interface EnvironmentReview {
  readonly name: string;
  /** Of the rule packs; nobody acknowledged them. */
  readonly findings: Finding[];
  /** Every finding that somebody accepted, and why. */
  readonly acknowledged: Acknowledged[];
  /** Acknowledgements that cover no finding: what they excused is gone, or they never matched. */
  readonly unused: Acknowledged[];
  /** Of CloudFormation's own validation, warnings included. */
  readonly validationErrors: Finding[];
}

/** The review of an app. */
export interface Review {
  readonly environments: EnvironmentReview[];
  /** Context that a synthesis would have to look up in an account; none is allowed. */
  readonly missingContext: string[];
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
 * Synthesizes an app and lists all that the rule packs and CloudFormation's validation say of it.
 * @param createApp makes the app, validation on, to be synthesized into the folder given
 */
export function review(createApp: (outdir: string) => App): Review {
  const outdir = mkdtempSync(join(tmpdir(), 'review-'));
  try {
    const app = createApp(outdir);
    const reportFile = join(outdir, 'validation-report.json');
    try {
      app.synth();
    } catch (error) {
      // A synthesis with errors throws; they are in the report then.
      if (!existsSync(reportFile)) throw error;
    }
    const validation = validationFindings(reportFile);
    const stages = app.node.children.filter((child): child is Stage => Stage.isStage(child));
    return {
      environments: stages.map((stage) => reviewEnvironment(stage, validation)),
      missingContext: missingContext(outdir),
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Whether nothing is left to look at. */
export function isClean({ environments, missingContext }: Review): boolean {
  return (
    missingContext.length === 0 &&
    environments.every(
      ({ findings, unused, validationErrors }) => [...findings, ...unused, ...validationErrors].length === 0,
    )
  );
}

function reviewEnvironment(stage: Stage, validation: readonly Finding[]): EnvironmentReview {
  const acknowledgements = new Acknowledgements(stage);
  const ofStage = validation.filter(({ resource }) => resource.startsWith(`${stage.node.id}/`));
  const packs = acknowledgements.settle(packFindings(stage));
  const cloudFormation = acknowledgements.settle(ofStage);
  return {
    name: stage.node.id,
    findings: packs.open,
    acknowledged: [...packs.acknowledged, ...cloudFormation.acknowledged],
    unused: acknowledgements.unused(),
    validationErrors: cloudFormation.open,
  };
}

/** All that the packs find, acknowledged or not. */
function packFindings(stage: Stage): Finding[] {
  return rulePacks().flatMap((pack) => {
    // A pack drops an acknowledged finding without a trace; answering its own question with no makes it list them all.
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

/** All that CloudFormation's validation finds, acknowledged or not. */
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

function missingContext(outdir: string): string[] {
  const { missing = [] } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as {
    missing?: { key: string }[];
  };
  return missing.map(({ key }) => key);
}
