/**
 * Keeps the texts that VS Code can translate: `node scripts/l10n.ts` writes `l10n/bundle.l10n.json` from the calls of
 * `vscode.l10n.t` and `t` in `src/extension`. A translation goes beside it as `bundle.l10n.LANGUAGE.json`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, 'src/extension');

export const bundlePath = join(root, 'l10n/bundle.l10n.json');

/** Every text of the extension, and the calls whose text cannot be told because it is worked out. */
export function collectTexts(): { readonly texts: readonly string[]; readonly computed: readonly string[] } {
	const texts = new Set<string>();
	const computed: string[] = [];
	for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
		if (!name.endsWith('.ts') || name === 'l10n.ts') continue;
		const source = ts.createSourceFile(name, readFileSync(join(folder, name), 'utf8'), ts.ScriptTarget.Latest);
		const visit = (node: ts.Node): void => {
			if (ts.isCallExpression(node) && isTranslation(node.expression)) {
				const [text] = node.arguments;
				if (text !== undefined && ts.isStringLiteralLike(text)) texts.add(text.text);
				else computed.push(`${name}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`);
			}
			ts.forEachChild(node, visit);
		};
		visit(source);
	}
	return { texts: [...texts].sort(), computed };
}

function isTranslation(callee: ts.Expression): boolean {
	if (ts.isIdentifier(callee)) return callee.text === 't';
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
