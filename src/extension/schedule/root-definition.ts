import { join } from 'node:path';
import { identityOf, scheduledName } from './program.ts';

/** Folder of root's copies of definitions. */
export const rootDefinitions = '/etc/afterimage/definitions';

/** Root's copy of a definition: root runs none that somebody else may change. @param path where the person keeps it */
export function rootDefinition(name: string, path: string): string {
	return join(rootDefinitions, `${scheduledName(name, path)}.xml`);
}

/** Pattern of a shell for root's copies of a definition, whatever it was called. @param path where the person kept it */
export function rootDefinitionPattern(path: string): string {
	return `${rootDefinitions}/*-${identityOf(path)}.xml`;
}
