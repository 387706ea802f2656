/** One page of an answer. */
interface Page {
  readonly NextToken?: string | undefined;
}

/**
 * All pages of an answer.
 * @param ask gives the page of a token; undefined: the first
 */
export async function allPages<Answer extends Page>(
  ask: (token: string | undefined) => Promise<Answer>,
): Promise<Answer[]> {
  const pages: Answer[] = [];
  let token: string | undefined;
  do {
    const page = await ask(token);
    pages.push(page);
    token = page.NextToken;
  } while (token !== undefined);
  return pages;
}
