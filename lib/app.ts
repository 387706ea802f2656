import { App, Validations } from 'aws-cdk-lib';
import type { NagPack } from 'cdk-nag';
import { context } from '../cdk.json';
import { ENVIRONMENT_NAMES, type EnvironmentName, loadEnvironment } from './config';
import { DatabaseStage } from './stage';

/** Options of the app. */
export interface AppOptions {
  /** Default: all. */
  readonly environments?: readonly EnvironmentName[];
  /** Folder of the assembly. Default: the CLI's, or a temporary one. */
  readonly outdir?: string;
  /**
   * Rule packs that must find no fault; with them, CloudFormation's own validation runs, too. That takes ten times as long as the
   * synthesis. The caller loads the packs, because loading alone takes half a second. Default: no review.
   */
  readonly review?: readonly NagPack[];
  /** Bundle the functions, as for a deployment. An assembly without bundles is only good for reading templates. Default true. */
  readonly bundle?: boolean;
}

/** Recording where each resource was created takes time. Set here, because the CLI warns about this key in cdk.json. */
const NO_STACK_TRACES = { 'aws:cdk:disable-creation-stack-traces': true };

/**
 * The CDK app with its environments, ready to synthesize. Commands, tests and the CLI all start here.
 * @throws InvalidConfig when an environment's configuration has faults
 */
export function createApp({ environments = ENVIRONMENT_NAMES, outdir, review, bundle = true }: AppOptions = {}): App {
  const app = new App({
    outdir,
    builtinCloudFormationValidation: review ? undefined : false,
    context: { ...context, ...NO_STACK_TRACES, ...(!bundle && { 'aws:cdk:bundling-stacks': [] }) },
  });
  for (const name of environments) new DatabaseStage(app, loadEnvironment(name));
  if (review) Validations.of(app).addPlugins(...review);
  return app;
}
