import { readFileSync } from 'node:fs';

/**
 * The authorities to trust when talking to RDS, PEM.
 * @throws Error when the file is missing, as in a folder that was not bundled
 */
export function readRdsCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${file}, the certificates of RDS, cannot be read; a bundled function has it beside its code`, {
      cause: error,
    });
  }
}
