import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../app';
import type { EnvironmentName } from '../config';
import type { TemplateResources } from './monitoring-price';

/** Synthesizes an environment; returns the resources of all its templates, by the stack's name and the logical id. */
export function synthesizeResources(environment: EnvironmentName): TemplateResources {
  const outdir = mkdtempSync(join(tmpdir(), 'cost-'));
  try {
    const assembly = createApp({ environments: [environment], outdir, bundle: false }).synth();
    const stacks = assembly.getNestedAssembly(`assembly-${environment}`).stacks;
    const entries = stacks.flatMap(({ stackName, template }) =>
      Object.entries((template as { Resources?: TemplateResources }).Resources ?? {}).map(
        ([id, resource]) => [`${stackName}/${id}`, resource] as const,
      ),
    );
    return Object.fromEntries(entries);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
