import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
/** Imports of values: those of types alone are gone when the code runs, and `import()` loads later. */
const staticImport = /^(?:import|export)\s+(?!type\b)(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;

/** Every file and package that is loaded with a file, as paths from the project's folder and names. */
function loadedWith(path: string, known = new Set<string>()): Set<string> {
	const name = relative(root, path).replaceAll('\\', '/');
	if (known.has(name)) return known;
	known.add(name);
	for (const [, specifier] of readFileSync(path, 'utf8').matchAll(staticImport)) {
		if (specifier!.startsWith('.')) loadedWith(resolve(dirname(path), specifier!), known);
		else known.add(specifier!);
	}
	return known;
}

test('activation loads neither the language, nor the definitions, nor the connection to engines', () => {
	const loaded = [...loadedWith(resolve(root, 'src/extension/extension.ts'))];
	expect(loaded).toContain('src/extension/language/register-language.ts');
	// What tells a definition by its first bytes stands alone.
	expect(loaded.filter((name) => /^src\/(definition|xml|image)\/|jsonrpc|child_process/.test(name))).toEqual([
		'src/definition/sniff.ts',
	]);
	expect(loaded.filter((name) => /^src\/extension\/(schedule|rights)\//.test(name))).toEqual([]);
	// Of what browses backups, no more than the addresses and the view that is filled later.
	const browse = loaded.filter((name) => name.startsWith('src/extension/browse/')).sort();
	expect(browse.map((name) => name.slice('src/extension/browse/'.length))).toEqual([
		'address.ts',
		'files-tree.ts',
		'register-browse.ts',
	]);
});

test('what is loaded later is loaded with what needs it', () => {
	const loaded = loadedWith(resolve(root, 'src/extension/engine/start-engine.ts'));
	expect([...loaded]).toContain('vscode-jsonrpc/node');
	expect([...loadedWith(resolve(root, 'src/extension/language/service.ts'))]).toContain('luxon');
});
