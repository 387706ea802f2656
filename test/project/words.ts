/** What is easily misread, and what to write instead. */
export interface Word {
  readonly avoid: RegExp;
  readonly write: string;
}

/** Words and phrases that a tired on-call engineer should not have to read twice. New ones are added where a review finds them. */
export const WORDS: readonly Word[] = [
  // One word for a thing.
  { avoid: /\b(migration|Prisma['’]s|the) book\b/i, write: 'migration history' },
  { avoid: /\bnotices?\b(?!')/i, write: 'notification' },
  { avoid: /\bautomations\b/i, write: 'recovery documents' },
  // Phrases.
  { avoid: /\bdear (quer|ones?)/i, write: 'expensive queries' },
  { avoid: /\b(is|are) had\b/i, write: 'is read, is measured' },
  { avoid: /\bfrom a day on\b/i, write: 'of a day or longer' },
  { avoid: /\bat last\b/i, write: 'finally' },
  { avoid: /\banew\b/i, write: 'again' },
  { avoid: /\bof (its|their) own (hour|period|vault)\b/i, write: 'a separate …' },
  { avoid: /\bwithout a word\b/i, write: 'silently' },
  { avoid: /\b(none|one) such\b/i, write: 'none, or the noun again' },
  { avoid: /\b(must be|is|are) content\b/i, write: 'passes' },
  { avoid: /\botherwise than\b/i, write: 'different from' },
  { avoid: /\b(is|are) told\b/i, write: 'is notified' },
  { avoid: /\bbut for\b/i, write: 'except' },
  { avoid: /\bwhoever\b/i, write: 'who, or the role’s name' },
  { avoid: /\blook(s|ed)? like a (dead|lagging)\b/i, write: 'appears' },
  { avoid: /\bgoes? off\b|\bwent off\b|\bset off\b/i, write: 'fires' },
  { avoid: /, too\b(?! )/i, write: 'also, before the verb' },
];
