import { SaxesParser } from 'saxes';
import { worded } from '../../base/l10n.ts';
import { TreeBuilder } from './builder.ts';
import { strictWording } from './strict-words.ts';
import { readTokens } from './tokens.ts';
import type { XmlDocument, XmlProblem } from './tree.ts';

/** Longer documents are refused unread, in UTF-16 units: a definition of 5,000 lines has some 400,000. */
const maxLength = 4_000_000;

/** How often reading starts anew after a broken tag before the rest is given up. */
const maxRestarts = 500;

/**
 * Reads XML into a tree with positions, whatever its state. Nothing is ever fetched or expanded: a document type
 * declaration, the only place where entities come from, is a problem of its own.
 */
export function parseXml(text: string): XmlDocument {
	if (text.length > maxLength) {
		const words = worded((t) => t('The document is longer than {0} million characters.', maxLength / 1e6));
		const problem = { code: 'xml-too-large', start: 0, end: 1, ...words } as const;
		return { text, nodes: [], root: undefined, problems: [problem] };
	}
	const builder = new TreeBuilder(text);
	let at: number | undefined = 0;
	let restarts = 0;
	while (at !== undefined && !builder.tooDeep && restarts++ < maxRestarts) at = readTokens(builder, at);
	builder.finish(at ?? text.length);
	const { nodes, root, problems } = builder;
	return { text, nodes, root, problems: problems.length > 0 ? problems : strictProblems(text) };
}

/** What a strict parser objects to where the tree looks sound: forbidden characters, undeclared prefixes and the like. */
function strictProblems(text: string): XmlProblem[] {
	const problems: XmlProblem[] = [];
	const parser = new SaxesParser({ xmlns: true });
	parser.on('error', (error) => {
		const at = Math.max(0, Math.min(parser.position, text.length) - 1);
		if (problems.length >= 20) return;
		const wording = strictWording(error.message.replace(/^\d+:\d+: /, ''));
		problems.push({ code: 'xml-malformed', start: at, end: at + 1, ...worded(wording) });
	});
	parser.write(text).close();
	return problems;
}
