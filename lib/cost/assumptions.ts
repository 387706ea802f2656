/** What the prices of drills and backups assume where nobody knows it in advance. Printed with every price. */
export const ASSUMPTIONS = {
  /** Hours that a restored instance exists, from its restore to its deletion. The owner's figure for a restore alone is one hour. */
  restoredHours: 2,
  /** Share of the allocated storage that holds data. */
  dataShare: 0.5,
  /** Share of the data that is rewritten in a day: what each day adds to backups, which are incremental. */
  dailyChange: 0.02,
  /** Minutes of the function that checks a restored instance, at 512 MB. */
  checkMinutes: 10,
} as const;

/** The assumptions in sentences, for people who read the prices. */
export const ASSUMPTION_SENTENCES: readonly string[] = [
  `a restored instance exists for ${ASSUMPTIONS.restoredHours} hours`,
  `data fills ${ASSUMPTIONS.dataShare * 100} % of the allocated storage, and ${ASSUMPTIONS.dailyChange * 100} % of it change in a day`,
  'backup storage is counted in full: whether the free allowance of RDS, the size of the allocated storage, covers snapshots of AWS Backup is unconfirmed',
  'the recovery region costs as much as us-east-1 (unconfirmed)',
];
