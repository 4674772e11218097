import type { BackupDefinition, Script, ScriptAfter } from '../../../src/definition/model.ts';

/** Browsing for a program says which one by a single number: those after the backup follow from here on. */
const firstAfter = 5_000;

export function scriptBrowseIndex(when: 'before' | 'after', index: number): number {
	return when === 'before' ? index : firstAfter + index;
}

/** Puts a chosen program in its place, or behind the others as a new one. */
export function withScript(definition: BackupDefinition, browseIndex: number, path: string): BackupDefinition {
	const { scripts } = definition;
	if (browseIndex < firstAfter) {
		const fresh: Script = { path, arguments: [], timeLimit: 600, onFailure: 'stop' };
		return { ...definition, scripts: { ...scripts, before: placed(scripts.before, browseIndex, path, fresh) } };
	}
	const fresh: ScriptAfter = { path, arguments: [], timeLimit: 600, onFailure: 'warn', runOn: 'always' };
	const after = placed(scripts.after, browseIndex - firstAfter, path, fresh);
	return { ...definition, scripts: { ...scripts, after } };
}

function placed<T extends Script>(list: readonly T[], index: number, path: string, fresh: T): readonly T[] {
	return index < list.length ? list.map((one, i) => (i === index ? { ...one, path } : one)) : [...list, fresh];
}

export function argumentLines(argumentList: readonly string[]): string {
	return argumentList.join('\n');
}

/** Arguments from lines; empty lines are none. */
export function argumentsOf(lines: string): readonly string[] {
	return lines.split(/\r?\n/).filter((line) => line !== '');
}
