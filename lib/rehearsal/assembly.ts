import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EvaluatedAlarm } from './alarm-evaluator';
import { readAlarm } from './read-alarm';

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

/** One environment of a cloud assembly: what would be deployed, read back from its files. */
export class EnvironmentAssembly {
  private readonly resources: readonly (readonly [string, Resource])[];

  /** @param folder the assembly's folder (cdk.out) */
  constructor(
    private readonly folder: string,
    readonly environment: string,
  ) {
    const stage = join(folder, `assembly-${environment}`);
    this.resources = readdirSync(stage)
      .filter((file) => file.endsWith('.template.json'))
      .map((file) => JSON.parse(readFileSync(join(stage, file), 'utf8')) as { Resources: Record<string, Resource> })
      .flatMap(({ Resources }) => Object.entries(Resources));
  }

  /** Properties of all resources of a type, by logical id. */
  ofType(type: string): Record<string, Record<string, unknown>> {
    const found = this.resources.filter(([, { Type }]) => Type === type);
    return Object.fromEntries(found.map(([id, { Properties }]) => [id, Properties]));
  }

  /** The deployed code of a function: its folder, and its module loaded from there. */
  async loadFunction<Module>(name: string): Promise<{ folder: string; module: Module }> {
    const functions = Object.values(this.ofType('AWS::Lambda::Function'));
    const found = functions.find(({ Environment }) => variables(Environment)['POWERTOOLS_SERVICE_NAME'] === name);
    const { S3Key } = (found?.['Code'] ?? {}) as { S3Key?: string };
    if (S3Key === undefined) throw new Error(`the assembly of ${this.environment} has no function ${name}`);
    const folder = join(this.folder, `asset.${S3Key.replace(/\.zip$/, '')}`);
    return { folder, module: (await import(pathToFileURL(join(folder, 'index.mjs')).href)) as Module };
  }

  /**
   * Every alarm.
   * @throws Error naming an alarm that has something which the evaluator does not model
   */
  alarms(): EvaluatedAlarm[] {
    return Object.values(this.ofType('AWS::CloudWatch::Alarm')).map(readAlarm);
  }
}

function variables(environment: unknown): Record<string, unknown> {
  return (environment as { Variables?: Record<string, unknown> } | undefined)?.Variables ?? {};
}
