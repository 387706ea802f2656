import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { mangleLikeCloudFormation } from '@aws-cdk/cloudformation-diff';
import { askFor } from '../account/ask';
import type { Aws } from '../account/aws';
import { createApp } from '../app';
import { type AssemblyStack, EnvironmentAssembly, type Template } from '../assembly/environment-assembly';
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

/**
 * The templates that are deployed, of those stacks that exist (CloudFormation, GetTemplate). One after the other: CloudFormation allows few
 * calls a second.
 * @throws NotAnswered with the reason
 */
export async function deployedTemplates(aws: Aws, stacks: readonly AssemblyStack[]): Promise<Templates> {
  const found: Record<string, Template> = {};
  for (const { name, region } of stacks) {
    const { cloudFormation } = aws(region);
    const answer = await askFor('cloudformation:GetTemplate', /does not exist/, () =>
      cloudFormation.send(new GetTemplateCommand({ StackName: name })),
    );
    if (answer?.TemplateBody !== undefined) found[name] = JSON.parse(answer.TemplateBody) as Template;
  }
  return found;
}

/** Templates as CloudFormation gives them back: every character beyond ASCII is a question mark. */
export function asDeployed(templates: Templates): Templates {
  return JSON.parse(mangleLikeCloudFormation(JSON.stringify(templates))) as Templates;
}
