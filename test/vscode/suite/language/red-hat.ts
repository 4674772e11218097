import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { shareSchema, type XmlExtensionApi } from '../../../../src/extension/language/red-hat.ts';
import type { Services } from '../../../../src/extension/services.ts';
import { story, until } from '../../support/harness.ts';
import { completions, labelOf } from './completions.ts';
import { ask, attach, disk, hover, namespace, open, text, valid } from './documents.ts';
import { codesOf, diagnosticsOf } from './problems-of.ts';

/** Stands in for the extension redhat.vscode-xml, which needs Java. Gives what takes it away again. */
function standInForRedHat(api: XmlExtensionApi): () => void {
	const extensions = vscode.extensions as { getExtension: (id: string) => unknown };
	const own = extensions.getExtension;
	extensions.getExtension = (id) => (id === 'redhat.vscode-xml' ? { activate: async () => api } : own(id));
	return () => (extensions.getExtension = own);
}

/** Shares the schema with the stand-in: `use` is given the path of the catalog that it gets, and has what else it is good for. */
export async function sharingSchema(parts: Services, use: (catalog: string) => void | Promise<void>): Promise<void> {
	const catalogs: string[] = [];
	const leave = standInForRedHat({
		addXMLCatalogs: (added) => catalogs.push(...added),
		removeXMLCatalogs: (removed) => removed.forEach((one) => catalogs.splice(catalogs.indexOf(one), 1)),
	});
	try {
		const sharing = shareSchema(parts.context, (error) => assert.fail(String(error)));
		const [catalog] = await until('the catalog', () => (catalogs.length > 0 ? catalogs : undefined));
		await use(catalog!);
		sharing.dispose();
		assert.deepEqual(catalogs, []);
	} finally {
		leave();
	}
}

export function redHat(): void {
	story("what Red Hat's XML extension says as well is not said twice", async () => {
		const { editor } = await open(valid.replace('"full"', '"fulll"').replace('COMPUTERNAME', 'COMPUTER'));
		const { document } = editor;
		await until('both problems', () => codesOf(document.uri).length === 2 || undefined);
		const other = vscode.languages.createDiagnosticCollection('xml');
		try {
			const [value] = diagnosticsOf(document.uri).filter(({ message }) => message.includes('fulll'));
			const theirs = new vscode.Diagnostic(value!.range, 'cvc-enumeration-valid');
			theirs.source = 'xml';
			other.set(document.uri, [theirs]);
			await until('one of them', () => codesOf(document.uri).join() === 'unknown-parameter' || undefined);
			const actions = await ask<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, value!.range);
			assert.ok(actions.some(({ title }) => title === 'Change to full'));
			other.clear();
			await until('both again', () => codesOf(document.uri).length === 2 || undefined);
		} finally {
			other.dispose();
		}
	});

	story("Red Hat's XML extension gets our schema and does the common part", async (parts) => {
		attach(parts, disk);
		await sharingSchema(parts, async (catalog) => {
			assert.match(readFileSync(catalog, 'utf8'), new RegExp(`name="${namespace}" uri="./backup-definition.xsd"`));
			const items = (await completions(text('\t<|\n'), '<')).filter(
				({ kind }) => kind !== vscode.CompletionItemKind.Snippet,
			);
			assert.deepEqual(items.map(labelOf), []);
			const disks = await completions(text('\t<sources><disk signature="|"/></sources>\n'), '"');
			assert.ok(disks.some((one) => labelOf(one) === 'Disk 0 – Samsung 980 PRO'));
			const { editor } = await open(valid);
			assert.match(await hover(editor.document, 'filename_template'), /^The next full backup would be/);
		});
	});
}
