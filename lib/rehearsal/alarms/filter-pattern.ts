/** A filter pattern of CloudWatch Logs for lines of text. */
interface FilterPattern {
  /** All of these are in a matching line. */
  readonly all: readonly string[];
  /** One of these is, where there are any. */
  readonly any: readonly string[];
  /** None of these is. */
  readonly none: readonly string[];
}

const TERM = /^([-?]?)"([^"]+)"\s*/;

/**
 * Reads a filter pattern: quoted terms that are all in a line, terms after `-` that are not, or terms after `?` of which one is (CloudWatch Logs
 * User Guide, "Filter pattern syntax for metric filters"). With other terms CloudWatch ignores those after `?`, so the two are not mixed here.
 * @throws Error naming a pattern of another form
 */
export function filterPattern(pattern: string): (line: string) => boolean {
  const { all, any, none } = parse(pattern);
  return (line) =>
    all.every((text) => line.includes(text)) &&
    !none.some((text) => line.includes(text)) &&
    (any.length === 0 || any.some((text) => line.includes(text)));
}

function parse(pattern: string): FilterPattern {
  const terms: Record<'' | '-' | '?', string[]> = { '': [], '-': [], '?': [] };
  let rest = pattern;
  for (let match = TERM.exec(rest); match; match = TERM.exec(rest)) {
    terms[match[1] as '' | '-' | '?'].push(match[2]!);
    rest = rest.slice(match[0].length);
  }
  const { '': all, '-': none, '?': any } = terms;
  const mixed = any.length > 0 && all.length + none.length > 0;
  if (rest !== '' || mixed || all.length + any.length === 0) {
    throw new Error(
      `the rehearsal cannot apply the filter pattern ${pattern}; allowed: ?"a text" ?"or another", or "a text" "and another" -"without this"`,
    );
  }
  return { all, any, none };
}
