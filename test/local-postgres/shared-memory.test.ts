import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPlainServer } from '../../lib/local-postgres/plain-server';
import { RunFolder } from '../../lib/local-postgres/run-folder';
import { testWith } from '../support/installed';
import { keptOf, SHARED_MEMORY_IS_LISTED, sharedMemoryOf } from '../support/shared-memory';

const superuser = { user: 'postgres', password: 'p' };
const pidOf = (dataFolder: string) => Number.parseInt(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8'), 10);

testWith(SHARED_MEMORY_IS_LISTED, 'a list of shared memory (Linux: /proc/sysvipc)')(
  'a folder gives the shared memory of its servers back to the machine',
  async () => {
    const folder = new RunFolder();
    const servers = [];
    for (const name of ['one', 'two']) servers.push(await startPlainServer({ folder, name, superuser }));
    const memory = servers.flatMap(({ dataFolder }) => sharedMemoryOf(pidOf(dataFolder)));
    // Of each server a file and a segment.
    expect(keptOf(memory)).toHaveLength(4);
    folder.dispose();
    expect(keptOf(memory)).toEqual([]);
  },
);
