import { join } from 'node:path';
import * as vscode from 'vscode';

/** What the extension redhat.vscode-xml exports, as far as it is used here (its src/api/xmlExtensionApi.ts). */
export interface XmlExtensionApi {
	addXMLCatalogs(catalogs: string[]): void;
	removeXMLCatalogs(catalogs: string[]): void;
}

const id = 'redhat.vscode-xml';

type SchemaContext = Pick<vscode.ExtensionContext, 'extensionPath' | 'globalStorageUri'>;

/**
 * Whether Red Hat's XML extension is at work. It then does what any XML editor does, with our schema, and we add what it
 * cannot know; otherwise we do both.
 */
export function hasRedHat(): boolean {
	return vscode.extensions.getExtension(id) !== undefined;
}

/**
 * Hands our schema to Red Hat's XML extension when it is there, now or later. A catalog maps our namespace to the XSD,
 * so that it holds for any file name; file associations are kept one a schema there and would not. Where VS Code has a
 * language that we have texts in, the schema is in that language.
 */
export function shareSchema(context: SchemaContext, onError: (error: unknown) => void): vscode.Disposable {
	let api: XmlExtensionApi | undefined;
	let catalog = join(context.extensionPath, 'schema', 'catalog.xml');
	const share = async (): Promise<void> => {
		const extension = vscode.extensions.getExtension<XmlExtensionApi | undefined>(id);
		if (extension === undefined || api !== undefined) return;
		try {
			const exported = await extension.activate();
			if (typeof exported?.addXMLCatalogs !== 'function') return;
			catalog = await translatedCatalog(context, catalog, onError);
			exported.addXMLCatalogs([catalog]);
			api = exported;
		} catch (error) {
			onError(error); // without Java it may not start; nothing of ours depends on it
		}
	};
	void share();
	return vscode.Disposable.from(
		vscode.extensions.onDidChange(() => void share()),
		new vscode.Disposable(() => api?.removeXMLCatalogs([catalog])),
	);
}

/** @param catalog of the English schema, which is there where no other can be written */
async function translatedCatalog(
	{ globalStorageUri }: SchemaContext,
	catalog: string,
	onError: (error: unknown) => void,
): Promise<string> {
	const { bundle } = vscode.l10n;
	if (bundle === undefined) return catalog;
	try {
		const { writeTranslatedSchema } = await import('./translated-schema.ts');
		return await writeTranslatedSchema(bundle, join(globalStorageUri.fsPath, 'schema', vscode.env.language), catalog);
	} catch (error) {
		onError(error);
		return catalog;
	}
}
