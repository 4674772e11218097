import { createHash } from 'node:crypto';

/**
 * Where schedules of the system have copies of definitions, each named for the path of its original: its ending is the
 * beginning of the digest of that path (`src/extension/schedule/root-definition.ts`; a test holds the two together).
 */
const rootCopies = '/etc/afterimage/definitions/';

/** Whether a run was one of a definition, or of root's copy of it. @param path absolute, of the definition */
export function isRunOf(
	{ definition }: { readonly definition?: string },
	path: string,
	platform: NodeJS.Platform = process.platform,
): boolean {
	if (definition === undefined) return false;
	// VS Code writes the letter of a drive small, shells write it as it was typed.
	if (platform === 'win32') return definition.toLowerCase() === path.toLowerCase();
	if (definition === path) return true;
	const digits = createHash('sha256').update(path).digest('hex').slice(0, 8);
	return definition.startsWith(rootCopies) && definition.endsWith(`-${digits}.xml`);
}
