import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The import table of docs/ARCHITECTURE.md: which folder may import which, and which packages. */
const table: Record<string, { folders: string[]; packages: string[]; node: boolean }> = {
	'src/base': { folders: [], packages: [], node: false },
	'src/disk': { folders: ['src/base'], packages: [], node: true },
	'src/image': { folders: ['src/base'], packages: [], node: true },
	'src/definition': {
		folders: ['src/base'],
		packages: ['fast-xml-parser', 'htmlparser2', 'saxes', 'luxon'],
		node: false,
	},
	'src/xml': { folders: ['src/base', 'src/definition'], packages: [], node: false },
	'src/protocol': { folders: ['src/base'], packages: ['vscode-jsonrpc'], node: false },
	'src/engine': {
		folders: ['src/base', 'src/disk', 'src/image', 'src/definition', 'src/protocol'],
		packages: ['vscode-jsonrpc', 'nodemailer'],
		node: true,
	},
	'src/rescue': { folders: ['src/base'], packages: [], node: true },
	'src/cli': {
		folders: ['src/base', 'src/engine', 'src/definition', 'src/protocol', 'src/rescue'],
		packages: [],
		node: true,
	},
	'src/extension': {
		folders: ['src/base', 'src/definition', 'src/xml', 'src/protocol'],
		packages: ['vscode', 'vscode-jsonrpc'],
		node: true,
	},
	native: {
		folders: ['src/base', 'src/engine/ports', 'src/image/codec', 'src/image/crc32', 'src/image/md5/lane-kernels'],
		packages: ['koffi'],
		node: true,
	},
	webview: {
		folders: ['src/base', 'src/protocol', 'src/definition'],
		packages: ['lit', '@vscode/webview-ui-toolkit'],
		node: false,
	},
};

const root = resolve(import.meta.dirname, '../..');
const importPattern =
	/(?:^|\n)\s*(?:import|export)\s(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

function sources(folder: string): string[] {
	return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => `${folder}/${name.replaceAll('\\', '/')}`);
}

/** Why the import is against the table, or undefined when it is allowed. */
function objection(file: string, layer: string, specifier: string): string | undefined {
	const rule = table[layer]!;
	if (specifier.startsWith('.')) {
		const target = relative(root, resolve(root, dirname(file), specifier)).replaceAll('\\', '/');
		if (target.startsWith(`${layer}/`)) return undefined;
		if (rule.folders.some((folder) => target.startsWith(`${folder}/`) || target.replace(/\.ts$/, '') === folder))
			return undefined;
		// The composition roots of the engine, and nothing else, bind native libraries.
		if (/^src\/engine\/main[^/]*\.ts$/.test(file) && target.startsWith('native/')) return undefined;
		return `${file}: ${layer} may not import ${target}`;
	}
	if (specifier.startsWith('node:')) return rule.node ? undefined : `${file}: ${layer} may not import ${specifier}`;
	if (rule.packages.some((name) => specifier === name || specifier.startsWith(`${name}/`))) return undefined;
	return `${file}: ${layer} may not import the package ${specifier}`;
}

function objections(file: string, layer: string, text: string): string[] {
	return [...text.matchAll(importPattern)].flatMap((match) => objection(file, layer, match[1] ?? match[2]!) ?? []);
}

describe('import table', () => {
	for (const layer of Object.keys(table)) {
		it(`${layer} imports only what it may`, () => {
			const found = sources(layer).flatMap((file) => objections(file, layer, readFileSync(join(root, file), 'utf8')));
			expect(found).toEqual([]);
		});
	}

	it('objects to what the table forbids', () => {
		expect(objections('src/base/a.ts', 'src/base', "import { b } from '../disk/b.ts';")).toHaveLength(1);
		expect(objections('src/base/a.ts', 'src/base', "import fs from 'node:fs';")).toHaveLength(1);
		expect(
			objections('src/engine/jobs/a.ts', 'src/engine', "import { z } from '../../../native/zstd.ts';"),
		).toHaveLength(1);
		expect(objections('src/engine/main.ts', 'src/engine', "import { z } from '../../native/zstd.ts';")).toEqual([]);
		expect(objections('src/xml/a.ts', 'src/xml', "import * as vscode from 'vscode';")).toHaveLength(1);
	});
});
