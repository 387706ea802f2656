import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { APP_CONTEXT } from '../../lib/app';
import { runFolder } from './run/shared';

/** A new folder for an assembly, removed after the run: the CDK leaves its own temporary folders behind. */
export function temporaryOutdir(): string {
  return mkdtempSync(join(runFolder(), 'assembly-'));
}

/** An app without bundling and, by default, without CloudFormation's validation: quick. */
export function testApp({ outdir = temporaryOutdir(), validate = false } = {}): App {
  return new App({
    outdir,
    builtinCloudFormationValidation: validate ? undefined : false,
    context: { ...APP_CONTEXT, 'aws:cdk:bundling-stacks': [] },
  });
}
