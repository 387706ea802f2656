/** What the prices of drills and backups rest on where nobody knows it beforehand. Stated with every price. */
export const ASSUMPTIONS = {
  /** Hours that a restored copy stands, from its restore to its deletion. The owner's figure for a restore alone is one. */
  copyHours: 2,
  /** Share of the allocated storage that is data. */
  dataShare: 0.5,
  /** Share of the data that is written anew in a day: what each day adds to backups, which are incremental. */
  dailyChange: 0.02,
  /** Minutes of the function that checks a copy, at 512 MB, and of the one that asks RDS, at 256 MB. */
  checkMinutes: 10,
} as const;

/** The assumptions in sentences, for people who read the prices. */
export const ASSUMPTION_SENTENCES: readonly string[] = [
  `a restored copy stands for ${ASSUMPTIONS.copyHours} hours`,
  `data fills ${ASSUMPTIONS.dataShare * 100} % of the allocated storage, and ${ASSUMPTIONS.dailyChange * 100} % of it change in a day`,
  'backup storage is gross: whether RDS’s free allowance, the size of the allocated storage, covers snapshots of AWS Backup is unconfirmed',
  'the recovery region costs what us-east-1 does (unconfirmed)',
];
