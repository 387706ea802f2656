/**
 * A custom notification in the format of Amazon Q Developer in chat applications, which silently drops any other (its administrator
 * guide, "Custom notifications"). In an email it would appear as JSON.
 * @param title at most 250 characters
 * @param lines at most 8,000 characters in all
 * @param steps a list below, at most 350 characters each; the chat calls them next steps. Default: none
 */
export function chatNotification(title: string, lines: readonly string[], steps: readonly string[] = []): object {
  return {
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title,
      description: lines.join('\n'),
      ...(steps.length > 0 && { nextSteps: steps }),
    },
  };
}
