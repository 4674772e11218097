import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as vscode from 'vscode';

/** The parts of vscode-textmate and vscode-oniguruma that are used here; VS Code brings both. */
interface Textmate {
	readonly Registry: new (options: object) => { loadGrammar(scope: string): Promise<Grammar> };
	parseRawGrammar(text: string, path: string): unknown;
	readonly INITIAL: unknown;
}
interface Grammar {
	tokenizeLine(
		line: string,
		state: unknown,
	): { tokens: { startIndex: number; endIndex: number; scopes: string[] }[]; ruleStack: unknown };
}
interface Oniguruma {
	loadWASM(data: ArrayBufferLike): Promise<void>;
	createOnigScanner(patterns: string[]): unknown;
	createOnigString(text: string): unknown;
}

interface Contributed {
	readonly scopeName: string;
	readonly path: string;
	readonly injectTo?: readonly string[];
}

/** VS Code's own tokenizer for XML with the grammars of our manifest: a text to lines `token scope scope …`. */
export async function tokenizer(): Promise<(text: string) => string> {
	const load = createRequire(join(vscode.env.appRoot, 'package.json'));
	const textmate = load('vscode-textmate') as Textmate;
	const oniguruma = load('vscode-oniguruma') as Oniguruma;
	const wasm = readFileSync(load.resolve('vscode-oniguruma').replace(/main\.js$/, 'onig.wasm'));
	await oniguruma.loadWASM(new Uint8Array(wasm).buffer);
	const grammars = ['vscode.xml', 'afterimage.afterimage'].flatMap((id) => {
		const extension = vscode.extensions.getExtension(id);
		assert.ok(extension, id);
		const { contributes } = extension.packageJSON as { contributes: { grammars: readonly Contributed[] } };
		return contributes.grammars.map((one) => ({ ...one, path: join(extension.extensionPath, one.path) }));
	});
	const registry = new textmate.Registry({
		onigLib: Promise.resolve(oniguruma),
		loadGrammar: async (scope: string) => {
			const found = grammars.find(({ scopeName }) => scopeName === scope);
			return found && textmate.parseRawGrammar(readFileSync(found.path, 'utf8'), found.path);
		},
		getInjections: (scope: string) =>
			grammars.filter(({ injectTo }) => injectTo?.includes(scope)).map(({ scopeName }) => scopeName),
	});
	const grammar = await registry.loadGrammar('text.xml');
	return (text) => {
		let state = textmate.INITIAL;
		return text
			.split('\n')
			.flatMap((line) => {
				const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
				state = ruleStack;
				return tokens.map(
					({ startIndex, endIndex, scopes }) => `${line.slice(startIndex, endIndex)} ${scopes.join(' ')}`,
				);
			})
			.join('\n');
	};
}
