/** Characters at the start of a file within which the root element of a definition must begin. */
export const sniffLength = 4096;

const rootName = 'backup_definition';

/**
 * Whether text is meant to be a backup definition: its first element has the name of our root, with any prefix. Told from
 * the beginning alone, so that a workspace of large XML files is looked through quickly; text that is broken further on counts.
 */
export function isDefinitionText(text: string): boolean {
	let rest = text.slice(0, sniffLength).replace(/^\uFEFF/, '');
	for (;;) {
		rest = rest.trimStart();
		const end = rest.startsWith('<?') ? '?>' : rest.startsWith('<!--') ? '-->' : undefined;
		if (end === undefined) break;
		const at = rest.indexOf(end);
		if (at < 0) return false;
		rest = rest.slice(at + end.length);
	}
	const name = /^<(?:[\w.-]+:)?([\w.-]+)[\s/>]/.exec(rest)?.[1];
	return name === rootName;
}
