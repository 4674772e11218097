import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { isDefinitionText, sniffLength } from '../definition/sniff.ts';
import { isFolder } from '../engine/ports/expect-path.ts';

/** The definitions that an operand names: a file as it is, of a folder those in it, by name. */
export function definitionFiles(operand: string): string[] {
	if (!isFolder(operand)) return [operand];
	const files = readdirSync(operand).filter((name) => name.toLowerCase().endsWith('.xml'));
	return files
		.sort()
		.map((name) => join(operand, name))
		.filter(beginsAsDefinition);
}

/** One that cannot be read is kept: that is an error to be told. */
function beginsAsDefinition(path: string): boolean {
	try {
		const fd = openSync(path, 'r');
		try {
			const bytes = Buffer.alloc(sniffLength);
			return isDefinitionText(bytes.toString('utf8', 0, readSync(fd, bytes, 0, bytes.length, 0)));
		} finally {
			closeSync(fd);
		}
	} catch {
		return true;
	}
}
