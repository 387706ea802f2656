import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Stage, Validations } from 'aws-cdk-lib';
import { rulePacks } from './app';

/** Something that a rule found and nobody acknowledged. */
export interface Finding {
  readonly rule: string;
  /** Path of the construct. */
  readonly resource: string;
  readonly description: string;
}

/** A finding that somebody accepted, and why. */
export interface Acknowledged {
  readonly rule: string;
  /** Path of the construct that it holds for, with all below it. */
  readonly resource: string;
  readonly reason: string;
}

/** What the review says of one environment. */
export interface EnvironmentReview {
  readonly name: string;
  /** Of the rule packs. */
  readonly findings: Finding[];
  readonly acknowledged: Acknowledged[];
  /** Of CloudFormation's own validation, warnings included. */
  readonly validationErrors: Finding[];
}

/** The review of an app. */
export interface Review {
  readonly environments: EnvironmentReview[];
  /** Context that a synthesis would have to look up in an account; none is allowed. */
  readonly missingContext: string[];
}

interface ValidationReport {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly {
      readonly ruleName: string;
      readonly description: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
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
      environments: stages.map((stage) => ({
        name: stage.node.id,
        findings: packFindings(stage),
        acknowledged: acknowledgements(stage),
        validationErrors: validation.filter(({ resource }) => resource.startsWith(`${stage.node.id}/`)),
      })),
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
    environments.every(({ findings, validationErrors }) => findings.length === 0 && validationErrors.length === 0)
  );
}

function packFindings(stage: Stage): Finding[] {
  return rulePacks().flatMap((pack) =>
    pack.validateScope(stage).violations.flatMap(({ ruleName, description, violatingResources }) =>
      violatingResources.map((resource) => ({
        rule: ruleName,
        resource: (resource as { constructPath?: string }).constructPath ?? '',
        description,
      })),
    ),
  );
}

function acknowledgements(stage: Stage): Acknowledged[] {
  return stage.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      .map(([id, reason]) => ({ rule: id.replace(/^annotation::/i, ''), resource: node.path, reason })),
  );
}

function validationFindings(reportFile: string): Finding[] {
  const { pluginReports } = JSON.parse(readFileSync(reportFile, 'utf8')) as ValidationReport;
  return pluginReports
    .filter(({ pluginName }) => pluginName === 'CloudFormation Validate')
    .flatMap(({ violations }) => violations)
    .flatMap(({ ruleName, description, violatingConstructs }) =>
      violatingConstructs.map(({ constructPath }) => ({ rule: ruleName, resource: constructPath, description })),
    );
}

function missingContext(outdir: string): string[] {
  const { missing = [] } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8')) as {
    missing?: { key: string }[];
  };
  return missing.map(({ key }) => key);
}
