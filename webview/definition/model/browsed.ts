import type { BackupDefinition } from '../../../src/definition/model.ts';
import type { FolderPurpose } from '../../../src/protocol/definition-form.ts';
import { withScript } from './scripts.ts';
import { addRawFile } from './sources.ts';

/** The definition with a path in its place that was chosen in the system's dialog. */
export function withBrowsed(
	definition: BackupDefinition,
	{ purpose, index, path }: { readonly purpose: FolderPurpose; readonly index: number; readonly path: string },
): BackupDefinition {
	const { destination } = definition;
	switch (purpose) {
		case 'destination':
			return { ...definition, destination: { ...destination, folder: path, opticalDrive: undefined } };
		case 'alternative': {
			const { folders } = destination.alternativeLocations;
			const changed =
				index < folders.length ? folders.map((folder, i) => (i === index ? path : folder)) : [...folders, path];
			return { ...definition, destination: { ...destination, alternativeLocations: { folders: changed } } };
		}
		case 'raw-file':
			return { ...definition, sources: addRawFile(definition.sources, path) };
		case 'script':
			return withScript(definition, index, path);
		case 'password-file':
			return { ...definition, encryption: { ...definition.encryption, passwordName: path } };
		case 'definition':
			return definition;
	}
}
