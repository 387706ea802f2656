import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EvaluatedAlarm } from '../rehearsal/alarms/alarm-evaluator';
import { readAlarm } from '../rehearsal/alarms/read-alarm';
import { resolve } from './resolve';

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Outputs?: Record<string, { readonly Value: unknown }>;
}

/** One environment of a cloud assembly: what would be deployed, read back from its files. */
export class EnvironmentAssembly {
  private readonly templates: readonly Template[];

  /** @param folder the assembly's folder (cdk.out) */
  constructor(
    private readonly folder: string,
    readonly environment: string,
  ) {
    const stage = join(folder, `assembly-${environment}`);
    this.templates = readdirSync(stage)
      .filter((file) => file.endsWith('.template.json'))
      .map((file) => JSON.parse(readFileSync(join(stage, file), 'utf8')) as Template);
  }

  /** Properties of all resources of a type, by logical id. */
  ofType(type: string): Record<string, Record<string, unknown>> {
    const found = this.resources().filter(([, { Type }]) => Type === type);
    return Object.fromEntries(found.map(([id, { Properties }]) => [id, Properties]));
  }

  /** The resources of the one stack that has this resource; undefined: none has it. */
  stackWith(logicalId: string): Record<string, Resource> | undefined {
    return this.templates.find(({ Resources }) => logicalId in Resources)?.Resources;
  }

  /** A function's environment as its code reads it; logical ids stand for names that only a deployment knows. */
  variables(name: string): Record<string, string> {
    const found = this.functions().find((each) => variables(each)['POWERTOOLS_SERVICE_NAME'] === name);
    if (!found) throw this.noFunction(name);
    return Object.fromEntries(
      Object.entries(variables(found)).map(([key, value]) => [key, resolve(this.withOutputs(value))]),
    );
  }

  /** The deployed code of a function: its folder, and its module loaded from there. */
  async loadFunction<Module>(name: string): Promise<{ folder: string; module: Module }> {
    const found = this.functions().find((each) => variables(each)['POWERTOOLS_SERVICE_NAME'] === name);
    const { S3Key } = (found?.['Code'] ?? {}) as { S3Key?: string };
    if (S3Key === undefined) throw this.noFunction(name);
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

  private resources(): [string, Resource][] {
    return this.templates.flatMap(({ Resources }) => Object.entries(Resources));
  }

  private functions(): Record<string, unknown>[] {
    return Object.values(this.ofType('AWS::Lambda::Function'));
  }

  private noFunction(name: string): Error {
    return new Error(`the assembly of ${this.environment} has no function ${name}`);
  }

  /** A value with the outputs of other stacks put in. */
  private withOutputs(value: unknown): unknown {
    const outputs = Object.assign({}, ...this.templates.map(({ Outputs }) => Outputs)) as Required<Template>['Outputs'];
    return JSON.parse(
      JSON.stringify(value, (_, part: { 'Fn::GetStackOutput'?: { OutputName: string } } | null) => {
        const name = part?.['Fn::GetStackOutput']?.OutputName;
        return name === undefined ? part : outputs[name]?.Value;
      }),
    );
  }
}

function variables({ Environment }: Record<string, unknown>): Record<string, unknown> {
  return (Environment as { Variables?: Record<string, unknown> } | undefined)?.Variables ?? {};
}
