import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { context } from '../../cdk.json';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A new folder for an assembly, gone when the test file is done: the CDK leaves its own temporary folders behind. */
export function temporaryOutdir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'test-assembly-'));
  folders.push(folder);
  return folder;
}

/** An app without bundling and without CloudFormation's validation: quick. */
export function testApp(): App {
  return new App({
    outdir: temporaryOutdir(),
    builtinCloudFormationValidation: false,
    context: { ...context, 'aws:cdk:bundling-stacks': [] },
  });
}
