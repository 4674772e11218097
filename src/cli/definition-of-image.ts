import { fromImageDefinition } from '../definition/from-image.ts';
import type { BackupDefinition } from '../definition/model.ts';
import { definitionTree } from '../definition/tree.ts';
import { hasErrors, validateDefinition } from '../definition/validate.ts';
import { writeDocument } from '../definition/xml/write.ts';
import { fileProblems } from '../engine/definition-run/problem-line.ts';

/**
 * The document of a definition that an image carries, and what is left to complete in it.
 * @param platform of this computer, as `process.platform` has it: paths of another system are told
 */
export function definitionOfImage(carried: unknown, name: string, platform: NodeJS.Platform) {
	const definition = fromImageDefinition(carried, name);
	const text = writeDocument(definitionTree(definition));
	const { problems } = validateDefinition(text);
	return {
		text,
		problems: fileProblems(text, problems),
		gaps: [...foreignPaths(definition, platform === 'win32'), ...mailServer(definition)],
		valid: !hasErrors(problems),
	};
}

/** Paths that are none on this computer, as the image was made on one with another system. */
function foreignPaths(definition: BackupDefinition, windows: boolean): string[] {
	const { sources, destination, scripts, encryption } = definition;
	const paths = [
		...sources.rawFiles.map(({ path }) => path),
		...(destination.folder === undefined ? [] : [destination.folder]),
		...destination.alternativeLocations.folders,
		...[...scripts.before, ...scripts.after].map(({ path }) => path),
		...(encryption.passwordSource === 'file' && encryption.passwordName !== undefined ? [encryption.passwordName] : []),
	];
	const foreign = windows ? /^\/(?!\/)/ : /^[A-Za-z]:[\\/]|^\\\\/;
	const system = windows ? 'Linux or macOS' : 'Windows';
	return paths
		.filter((path) => foreign.test(path))
		.map((path) => `${path} is a path of ${system}: name one of this computer`);
}

function mailServer({ email }: BackupDefinition): string[] {
	if (email.server !== undefined) return [];
	const wanted = [email.success, email.warning, email.failure].flatMap((message) =>
		message?.enable === true ? message.recipients.split(/[;,]\s*/) : [],
	);
	if (wanted.length === 0) return [];
	const recipients = [...new Set(wanted)].join(', ');
	return [`No mail server is named for ${recipients}: name it as server of <email>, or in mail.json`];
}
