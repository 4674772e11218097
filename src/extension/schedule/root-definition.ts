import { join } from 'node:path';
import { identityOf, scheduledName } from './program.ts';

const definitions = '/etc/afterimage/definitions';

/** Root's copy of a definition: root runs none that somebody else may change. @param path where the person keeps it */
export function rootDefinition(name: string, path: string): string {
	return join(definitions, `${scheduledName(name, path)}.xml`);
}

/** Pattern of a shell for root's copies of a definition, whatever it was called. @param path where the person kept it */
export function rootDefinitionPattern(path: string): string {
	return `${definitions}/*-${identityOf(path)}.xml`;
}
