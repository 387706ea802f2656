import { accessSync, constants, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder that a command writes its report to. */
export class ReportFolder {
  private readonly file: string;

  /**
   * Creates the folder and deletes the report of an earlier run, so that nobody takes it for the report of this one.
   * @param name of the report in the folder
   * @param others files that are written beside it, which are deleted too
   * @throws Error with a sentence where nothing can be written to the folder
   */
  constructor(
    readonly path: string,
    name: string,
    ...others: readonly string[]
  ) {
    this.file = join(path, name);
    try {
      mkdirSync(path, { recursive: true });
      accessSync(path, constants.W_OK);
      for (const file of [name, ...others]) rmSync(join(path, file), { force: true });
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      const found = ['EEXIST', 'ENOTDIR'].includes(code) ? 'is a file, or below one' : `cannot be written to (${code})`;
      throw new Error(`--report ${path} ${found}; allowed: a folder, which may not exist yet`, { cause: error });
    }
  }

  /** Writes the report as JSON. Returns the path of the file. */
  write(report: unknown): string {
    writeFileSync(this.file, `${JSON.stringify(report, undefined, 2)}\n`);
    return this.file;
  }
}
