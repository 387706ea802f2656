import { App, Validations } from 'aws-cdk-lib';
import type { NagPack } from 'cdk-nag';
import { context } from '../cdk.json';
import { ENVIRONMENT_NAMES, type EnvironmentName, loadEnvironment } from './config';
import { DatabaseStage } from './stage';

/** How an assembly is made. */
export interface AppOptions {
  /** Default: all. */
  readonly environments?: readonly EnvironmentName[];
  /** Folder of the assembly. Default: the CLI's, or a temporary one. */
  readonly outdir?: string;
  /**
   * Rule packs that must find nothing unacknowledged; with them, or with an empty list, CloudFormation's validation runs as well. That
   * takes about twice as long as the synthesis itself. The packs alone take half a second to load, which is why they come from outside.
   * Default: neither packs nor validation.
   */
  readonly review?: readonly NagPack[];
  /** Functions bundled, as deployed. Without, an assembly is only good for looking at templates. Default true. */
  readonly bundle?: boolean;
}

/** Context of every app: the flags of cdk.json, which win in the CLI's apps, and what makes a synthesis quick and quiet. */
export const APP_CONTEXT = {
  ...context,
  // No trace of where each resource was made, which takes time for each. Here, because the CLI warns of such a key in cdk.json.
  'aws:cdk:disable-creation-stack-traces': true,
  // The CLI shows the warnings of constructs; the other commands and the tests leave it to the CLI.
  '@aws-cdk/core:annotationsInValidationReport': false,
};

/**
 * The CDK app with its environments, ready to synthesize. Commands, tests and the CLI all start here.
 * @throws InvalidConfig when an environment's configuration has faults.
 */
export function createApp({ environments = ENVIRONMENT_NAMES, outdir, review, bundle = true }: AppOptions = {}): App {
  const app = new App({
    outdir,
    builtinCloudFormationValidation: review ? undefined : false,
    context: { ...APP_CONTEXT, ...(!bundle && { 'aws:cdk:bundling-stacks': [] }) },
  });
  for (const name of environments) new DatabaseStage(app, loadEnvironment(name));
  if (review) Validations.of(app).addPlugins(...review);
  return app;
}
