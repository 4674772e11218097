/** The licences of the packages that a build has bundled: nearly all ask that their text goes with every copy. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const head = 'Afterimage is made with the packages below. Each is followed by its licence.\n';

/** The innermost package that a file belongs to. */
const packagePattern = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/**
 * @param root folder that the paths start from
 * @param inputs paths of the files that were bundled, with slashes
 * @returns {string} name, version, licence and its text of every package among them, by name
 */
export function notices(root, inputs) {
	const folders = new Set(inputs.flatMap((path) => packagePattern.exec(path) ?? []));
	const entries = new Set([...folders].map((folder) => notice(join(root, folder))));
	return [head, ...[...entries].sort()].join(`\n${'-'.repeat(80)}\n\n`);
}

function notice(folder) {
	const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
	const file = readdirSync(folder).find((one) => /^(?:licen[cs]e|copying)(?:\.|$)/i.test(one));
	// Some packages leave the text out; then author and licence are what there is to say.
	const text = file === undefined ? `By ${author?.name ?? author}\n` : readFileSync(join(folder, file), 'utf8');
	return `${name} ${version} (${license})\n\n${text.replaceAll('\r\n', '\n').trim()}\n`;
}
