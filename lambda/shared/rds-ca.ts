import { readFileSync } from 'node:fs';

/**
 * Reads the certificates of the authorities to trust in connections to RDS, PEM.
 * @throws Error when the file cannot be read, as in a folder that was not bundled
 */
export function readRdsCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(
      `${file}, the certificates of RDS, cannot be read; the bundling of a function puts it next to its code`,
      {
        cause: error,
      },
    );
  }
}
