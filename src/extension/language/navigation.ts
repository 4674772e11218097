import * as vscode from 'vscode';
import { definitionXsd } from '../../definition/schema/xsd.ts';
import { LineIndex } from '../../definition/xml/lines.ts';
import type { Span } from '../../definition/xml/tree.ts';
import { definitionLink } from '../../xml/definition-link.ts';
import { highlights } from '../../xml/highlights.ts';
import { links, type PathLink } from '../../xml/links.ts';
import { toRange } from './convert.ts';
import { definitionOf, xmlSelector } from './documents.ts';
import { hasRedHat } from './red-hat.ts';

const revealCommand = 'afterimage.language.reveal';

/** Links to folders and files, the way to the schema, and what belongs together. */
export function registerNavigation(schema: vscode.Uri): vscode.Disposable {
	let lines: LineIndex | undefined;
	const inSchema = ({ start, end }: Span): vscode.Range => {
		lines ??= new LineIndex(definitionXsd);
		const from = lines.positionAt(start);
		const to = lines.positionAt(end);
		return new vscode.Range(from.line, from.column, to.line, to.column);
	};
	return vscode.Disposable.from(
		vscode.languages.registerDocumentLinkProvider(xmlSelector, {
			provideDocumentLinks(document) {
				const definition = definitionOf(document);
				return definition && links(definition).map((link) => toLink(document, link));
			},
		}),
		vscode.commands.registerCommand(revealCommand, (path: string) => reveal(path)),
		vscode.languages.registerDefinitionProvider(xmlSelector, {
			provideDefinition(document, position): vscode.LocationLink[] | undefined {
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
		}),
		vscode.languages.registerDocumentHighlightProvider(xmlSelector, {
			provideDocumentHighlights(document, position) {
				const definition = definitionOf(document);
				if (definition === undefined) return undefined;
				const spans = highlights(definition, document.offsetAt(position));
				return spans.map((span) => new vscode.DocumentHighlight(toRange(document, span)));
			},
		}),
	);
}

function toLink(document: vscode.TextDocument, { span, path, kind }: PathLink): vscode.DocumentLink {
	const target =
		kind === 'file'
			? vscode.Uri.file(path)
			: vscode.Uri.parse(`command:${revealCommand}?${encodeURIComponent(JSON.stringify([path]))}`);
	const link = new vscode.DocumentLink(toRange(document, span), target);
	link.tooltip = kind === 'file' ? vscode.l10n.t('Open the file') : vscode.l10n.t('Show the folder');
	return link;
}

/** Shows a folder where the system shows folders; where it is not this system's, or not there, says so. */
async function reveal(path: string): Promise<void> {
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
