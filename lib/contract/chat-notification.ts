/**
 * A custom notification in the format of Amazon Q Developer in chat applications, which silently drops any other (its administrator
 * guide, "Custom notifications"). In an email it appears as JSON.
 */
export function chatNotification(title: string, lines: readonly string[]): object {
  return {
    version: '1.0',
    source: 'custom',
    content: { textType: 'client-markdown', title, description: lines.join('\n') },
  };
}
