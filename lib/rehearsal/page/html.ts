/** A piece of HTML. Only `html` makes one, so that no text of a report gets into a page without being escaped. */
export interface Html {
  readonly markup: string;
}

type Value = string | number | Html | undefined | readonly Value[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template of HTML: texts and numbers are escaped, pieces of HTML and lists of them are taken as they are, undefined is nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { markup: parts.map((part, index) => part + markupOf(values[index])).join('') };
}

/** Takes text as HTML: only for markup that this project makes and that holds no text of a report unescaped. */
export function trusted(markup: string): Html {
  return { markup };
}

function markupOf(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number')
    return String(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
  return 'markup' in value ? value.markup : value.map(markupOf).join('');
}
