import * as vscode from 'vscode';
import { definitionXsd } from '../../definition/schema/xsd.ts';
import { LineIndex } from '../../definition/xml/lines.ts';
import type { Span } from '../../definition/xml/tree.ts';
import { definitionLink } from '../../xml/definition-link.ts';
import { highlights } from '../../xml/highlights.ts';
import { links, type PathLink } from '../../xml/links.ts';
import { languageCommands } from './commands.ts';
import { toRange } from './convert.ts';
import { definitionOf } from './parsed.ts';
import { hasRedHat } from './red-hat.ts';

/** Links to folders and files. */
export const linkProvider: vscode.DocumentLinkProvider = {
	provideDocumentLinks(document) {
		const definition = definitionOf(document);
		return definition && links(definition).map((link) => toLink(document, link));
	},
};

/** What belongs together. */
export const highlightProvider: vscode.DocumentHighlightProvider = {
	provideDocumentHighlights(document, position) {
		const definition = definitionOf(document);
		if (definition === undefined) return undefined;
		const spans = highlights(definition, document.offsetAt(position));
		return spans.map((span) => new vscode.DocumentHighlight(toRange(document, span)));
	},
};

/** The way from an element or attribute to its place in the schema. */
export function schemaLinkProvider(schema: vscode.Uri) {
	const lines = new LineIndex(definitionXsd);
	const inSchema = ({ start, end }: Span): vscode.Range => {
		const from = lines.positionAt(start);
		const to = lines.positionAt(end);
		return new vscode.Range(from.line, from.column, to.line, to.column);
	};
	return {
		provideDefinition(document: vscode.TextDocument, position: vscode.Position): vscode.LocationLink[] | undefined {
			const definition = hasRedHat() ? undefined : definitionOf(document);
			const link = definition && definitionLink(definition, document.offsetAt(position));
			if (link === undefined) return undefined;
			return [
				{
					originSelectionRange: toRange(document, link.origin),
					targetUri: schema,
					targetRange: inSchema(link.target),
					targetSelectionRange: inSchema(link.name),
				},
			];
		},
	};
}

function toLink(document: vscode.TextDocument, { span, path, kind }: PathLink): vscode.DocumentLink {
	const target =
		kind === 'file'
			? vscode.Uri.file(path)
			: vscode.Uri.parse(`command:${languageCommands.reveal}?${encodeURIComponent(JSON.stringify([path]))}`);
	const link = new vscode.DocumentLink(toRange(document, span), target);
	link.tooltip = kind === 'file' ? vscode.l10n.t('Open the file') : vscode.l10n.t('Show the folder');
	return link;
}

/** Shows a folder where the system shows folders; where it is not this system's, or not there, says so. */
export async function reveal(path: string): Promise<void> {
	const uri = vscode.Uri.file(path);
	try {
		await vscode.workspace.fs.stat(uri);
	} catch {
		void vscode.window.showWarningMessage(vscode.l10n.t('{0} is not there now.', path));
		return;
	}
	// The file manager of the server is of no use to somebody who works on it from elsewhere.
	if (vscode.env.remoteName === undefined) await vscode.commands.executeCommand('revealFileInOS', uri);
	else await vscode.commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true });
}
