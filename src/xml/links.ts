import type { Span, XmlElement, XmlNode } from '../definition/xml/tree.ts';
import { attributeOf, isElement } from '../definition/xml/tree.ts';
import { textOf } from '../definition/xml/characters.ts';
import type { DefinitionText } from './document.ts';

/** A path in a definition that can be opened. */
export interface PathLink {
	readonly span: Span;
	readonly path: string;
	readonly kind: 'folder' | 'file';
}

/** Folders, scripts, raw files and password files that the definition names by a full path. */
export function links(document: DefinitionText): PathLink[] {
	const found: PathLink[] = [];
	const add = (span: Span | undefined, path: string, kind: PathLink['kind']): void => {
		if (span !== undefined && isFullPath(path)) found.push({ span, path, kind });
	};
	const attribute = (element: XmlElement, name: string): void => {
		const one = attributeOf(element, name);
		add(one?.valueSpan, one?.value ?? '', 'file');
	};
	const walk = (nodes: readonly XmlNode[]): void => {
		for (const node of nodes) {
			if (!isElement(node)) continue;
			if (node.local === 'folder' || node.local === 'optical_drive') {
				const raw = document.text.slice(node.openEnd, node.closeStart);
				const start = node.openEnd + (raw.length - raw.trimStart().length);
				add({ start, end: start + raw.trim().length }, textOf(node, document.text).trim(), 'folder');
			} else if (node.local === 'before' || node.local === 'after' || node.local === 'raw_file') {
				attribute(node, 'path');
			} else if (node.local === 'encryption' && attributeOf(node, 'password_source')?.value === 'file') {
				attribute(node, 'password_name');
			}
			walk(node.children);
		}
	};
	walk(document.xml.nodes);
	return found;
}

/** A path from the root of a file system, of Windows or of another system. */
function isFullPath(path: string): boolean {
	return /^(\/|[A-Za-z]:[\\/]|\\\\[^\\])/.test(path) && !/[\r\n]/.test(path);
}
