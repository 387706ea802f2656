/** A change for the worse in the product, which a rehearsal must see. */
export interface Change {
  /** What is wrong afterwards, in a few words. */
  readonly what: string;
  /** The file, from the root. */
  readonly file: string;
  /** Text before the change. Default: the change may be anywhere in the file. */
  readonly after?: string;
  /** Text that stands in the file once, or first after `after`. */
  readonly find: string;
  /** What replaces it. */
  readonly replace: string;
  /** What the rehearsal must say: it names the culprit. */
  readonly says: RegExp;
}

/**
 * The content of a file with a change.
 * @throws Error where the text to replace is not there, or stands there twice and it is not clear which is meant
 */
export function changed(content: string, { what, file, after, find, replace }: Change): string {
  const from = after === undefined ? 0 : content.indexOf(after);
  const at = from < 0 ? -1 : content.indexOf(find, from);
  if (at < 0) throw new Error(`${what}: ${file} has no ${find}${after === undefined ? '' : ` after ${after}`}`);
  if (after === undefined && content.includes(find, at + 1)) throw new Error(`${what}: ${file} has ${find} twice`);
  return content.slice(0, at) + replace + content.slice(at + find.length);
}
