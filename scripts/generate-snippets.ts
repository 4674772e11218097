/** Writes `snippets/backup-definition.json` from the blocks that completion offers; a test holds it to be fresh. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { format } from 'prettier';
import { snippets } from '../src/xml/blocks.ts';

const path = resolve(import.meta.dirname, '../snippets/backup-definition.json');
writeFileSync(path, await format(JSON.stringify(snippets()), { parser: 'json', printWidth: 120 }));
