import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mangleLikeCloudFormation } from '@aws-cdk/cloudformation-diff';
import { createApp } from '../app';
import { type AssemblyStack, EnvironmentAssembly } from '../assembly/environment-assembly';
import type { EnvironmentName } from '../config';
import type { Templates } from './compare';

/** An environment as its configuration makes it. */
export interface Synthesized {
  readonly templates: Templates;
  readonly stacks: readonly AssemblyStack[];
}

/**
 * Synthesizes an environment.
 * @param bundle with the functions' code, which a comparison with another synthesis or with the account needs
 * @throws InvalidConfig when its file has faults
 */
export function synthesized(environment: EnvironmentName, { bundle }: { readonly bundle: boolean }): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), 'diff-'));
  try {
    createApp({ environments: [environment], outdir, bundle }).synth();
    return fromFolder(outdir, environment);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/**
 * An environment as an earlier synthesis made it.
 * @param folder such as cdk.out
 * @throws Error where the folder has no assembly of the environment
 */
export function fromFolder(folder: string, environment: string): Synthesized {
  if (!existsSync(join(folder, `assembly-${environment}`, 'manifest.json'))) {
    throw new Error(
      `${folder} has no templates of ${environment}; allowed: "record", "deployed", or a folder that "npx cdk synth" wrote, such as cdk.out`,
    );
  }
  const { templates, stacks } = new EnvironmentAssembly(folder, environment);
  return { templates, stacks };
}

/** Templates as CloudFormation gives them back: every character beyond ASCII is a question mark. */
export function asDeployed(templates: Templates): Templates {
  return JSON.parse(mangleLikeCloudFormation(JSON.stringify(templates))) as Templates;
}
