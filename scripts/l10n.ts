/**
 * Keeps the texts that can be translated: `node scripts/l10n.ts` writes `l10n/bundle.l10n.json` from the calls of
 * `vscode.l10n.t`, `t` and `rich` in the folders below, and from what the schema documents. A translation goes beside it
 * as `bundle.l10n.LANGUAGE.json`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { definitionSchema } from '../src/definition/schema/definition-schema.ts';
import { documentationTexts } from '../src/definition/schema/documentation.ts';

const root = resolve(import.meta.dirname, '..');
/** The extension and its pages, and what words plans, file names and rules for both. */
const folders = ['src/definition', 'src/extension', 'src/protocol', 'src/xml', 'webview'];
/** What hands texts on, which others give it. */
const carriers = ['src/extension/l10n.ts', 'webview/shared/l10n.ts'];

export const bundlePath = join(root, 'l10n/bundle.l10n.json');

/** Every text, and the calls whose text cannot be told because it is worked out. */
export function collectTexts(): { readonly texts: readonly string[]; readonly computed: readonly string[] } {
	const texts = new Set(documentationTexts(definitionSchema()));
	const computed: string[] = [];
	for (const name of folders.flatMap(filesOf)) {
		const source = ts.createSourceFile(name, readFileSync(join(root, name), 'utf8'), ts.ScriptTarget.Latest);
		const visit = (node: ts.Node): void => {
			if (ts.isCallExpression(node) && isTranslation(node.expression)) {
				const text = textOf(node.arguments[0]);
				if (text !== undefined) texts.add(text);
				else computed.push(`${name}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`);
			}
			ts.forEachChild(node, visit);
		};
		visit(source);
	}
	return { texts: [...texts].sort(), computed };
}

function filesOf(folder: string): readonly string[] {
	return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
		.map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
		.filter((name) => name.endsWith('.ts') && !carriers.includes(name));
}

/** A text that stands in the call, perhaps in several lines. */
function textOf(node: ts.Expression | undefined): string | undefined {
	if (node === undefined) return undefined;
	if (ts.isStringLiteralLike(node)) return node.text;
	if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
	const [left, right] = [textOf(node.left), textOf(node.right)];
	return left === undefined || right === undefined ? undefined : left + right;
}

function isTranslation(callee: ts.Expression): boolean {
	if (ts.isIdentifier(callee)) return callee.text === 't' || callee.text === 'rich';
	if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 't') return false;
	const owner = callee.expression;
	return ts.isPropertyAccessExpression(owner) && owner.name.text === 'l10n';
}

export function bundleText(texts: readonly string[]): string {
	return `${JSON.stringify(Object.fromEntries(texts.map((text) => [text, text])), undefined, 2)}\n`;
}

if (import.meta.filename === process.argv[1]) {
	const { texts, computed } = collectTexts();
	if (computed.length > 0) throw new Error(`The text must stand in the call: ${computed.join(', ')}`);
	writeFileSync(bundlePath, bundleText(texts));
	process.stdout.write(`${texts.length} texts\n`);
}
