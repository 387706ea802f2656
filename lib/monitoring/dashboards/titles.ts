/** How abbreviations are written; every other word of a name is in small letters. */
const WRITTEN: Readonly<Record<string, string>> = {
  ai: 'AI',
  cpu: 'CPU',
  db: 'database',
  ebs: 'EBS',
  io: 'I/O',
  saas: 'SaaS',
  wal: 'WAL',
  whatsapp: 'WhatsApp',
};

/** The words of an alert's name as a title: `AICostSpike` is `AI cost spike`. All are about PostgreSQL, so only a single word keeps it. */
export function titleOfAlert(alert: string): string {
  const words = wordsOf(alert.replace(/^PostgreSQL/, ''));
  return words.length > 1 ? sentence(words) : `PostgreSQL ${words.join('')}`;
}

/** The words of a group's name as a title: `database_availability` is `Database availability`. */
export function titleOfGroup(group: string): string {
  return sentence(group.split('_').map(written));
}

/** What a metric means as a title: the part before the first semicolon. */
export function titleOfMeaning(meaning: string): string {
  return capitalized(meaning.split(';')[0]!);
}

/** Words begin with a capital; several capitals in a row are one word, without the one that begins the next: `WALFiles`. */
function wordsOf(name: string): string[] {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? []).map(written);
}

function written(word: string): string {
  const small = word.toLowerCase();
  return WRITTEN[small] ?? small;
}

function sentence(words: readonly string[]): string {
  return capitalized(words.join(' '));
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
