import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../app';
import { type AssemblyResource, type AssemblyStack, EnvironmentAssembly } from '../assembly/environment-assembly';
import { type EnvironmentName, loadEnvironment } from '../config';
import type { EnvironmentConfig } from '../config/schema/environment';

/** What an environment wants of its account: its configuration and its templates. */
export interface Wanted {
  readonly config: EnvironmentConfig;
  readonly stacks: readonly AssemblyStack[];
  readonly resources: readonly AssemblyResource[];
}

/**
 * Synthesizes an environment, without the functions' code.
 * @throws InvalidConfig when its file has faults
 */
export function synthesizeWanted(name: EnvironmentName): Wanted {
  const outdir = mkdtempSync(join(tmpdir(), 'preflight-'));
  try {
    createApp({ environments: [name], outdir, bundle: false }).synth();
    const { stacks, resources } = new EnvironmentAssembly(outdir, name);
    return { config: loadEnvironment(name), stacks, resources };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The regions that the environment deploys to, its own first. */
export function regionsOf({ config, stacks }: Pick<Wanted, 'config' | 'stacks'>): string[] {
  return [...new Set([config.region, ...stacks.map(({ region }) => region)])];
}

/** The resources of a type that the environment has in a region. */
export function resourcesIn({ stacks, resources }: Wanted, region: string, type: string): AssemblyResource[] {
  const there = stacks.filter((stack) => stack.region === region).map(({ name }) => name);
  return resources.filter((resource) => resource.type === type && there.includes(resource.stack));
}
