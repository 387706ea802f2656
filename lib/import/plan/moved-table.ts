/** A column that is moved. */
export interface MovedColumn {
  readonly name: string;
  /** Its type in the target. */
  readonly type: string;
  /** Its type in the source. */
  readonly sourceType: string;
}

/** A table that is moved, of the schema `public` on both sides. */
export interface MovedTable {
  readonly name: string;
  /** Those that both sides have, in the order of the target. */
  readonly columns: readonly MovedColumn[];
  /** Whether either side has a column that is not moved. */
  readonly isPart: boolean;
  /** Whether its values must be copied as text, because their binary form depends on numbers of a database. */
  readonly textOnly: boolean;
  /** An estimate; -1: never counted. */
  readonly rows: number;
  readonly bytes: number;
}
