/** An input transformer of a rule's target, as CloudFormation has it. */
export interface InputTransformer {
  readonly InputPathsMap: Readonly<Record<string, string>>;
  /** A JSON value with unquoted placeholders in it, or lines of text in quotes. */
  readonly InputTemplate: string;
}

/**
 * What EventBridge delivers, by the rules of its user guide, "Amazon EventBridge input transformation":
 *  - "EventBridge doesn't escape values extracted by Input Path": within quotes a value is inserted as it is.
 *  - "EventBridge automatically adds quotes to string variable values", where a placeholder is the whole value of a field. That it escapes
 *    them then is implied by "to ensure the transformation output is valid JSON", not said.
 *  - A variable whose path does not exist "won't appear in the output": nothing is inserted.
 */
export function transform({ InputPathsMap, InputTemplate }: InputTransformer, event: object): string {
  let quoted = false;
  return InputTemplate.replace(/\\.|"|<([\w-]+)>/gs, (part, name?: string) => {
    if (part === '"') quoted = !quoted;
    if (name === undefined || !(name in InputPathsMap)) return part;
    const value = valueAt(InputPathsMap[name]!, event);
    if (value === undefined) return '';
    return quoted && typeof value === 'string' ? value : JSON.stringify(value);
  });
}

function valueAt(path: string, event: object): unknown {
  return path
    .split('.')
    .slice(1)
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], event);
}
