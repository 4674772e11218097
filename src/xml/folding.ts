import { LineIndex } from '../definition/xml/lines.ts';
import { isElement, type XmlNode } from '../definition/xml/tree.ts';
import type { DefinitionText } from './document.ts';

/** Lines, counted from 0, of which all but the first can be folded away. */
export interface FoldingRange {
	readonly startLine: number;
	readonly endLine: number;
	readonly kind: 'element' | 'comment' | 'region';
}

/** Elements, comments and CDATA of several lines, and what stands between `<!-- #region -->` and `<!-- #endregion -->`. */
export function foldingRanges({ text, xml }: DefinitionText): FoldingRange[] {
	const ranges: FoldingRange[] = [];
	const regions: number[] = [];
	const index = new LineIndex(text);
	const lineOf = (offset: number): number => index.positionAt(offset).line;
	const add = (start: number, end: number, kind: FoldingRange['kind']): void => {
		const [startLine, endLine] = [lineOf(start), lineOf(end)];
		if (endLine > startLine) ranges.push({ startLine, endLine, kind });
	};
	const walk = (nodes: readonly XmlNode[]): void => {
		for (const node of nodes) {
			if (isElement(node)) {
				// The line of the end tag stays in sight.
				if (node.closeNameSpan !== undefined) {
					const last = lineOf(node.closeStart) - 1;
					const startLine = lineOf(node.start);
					if (last > startLine) ranges.push({ startLine, endLine: last, kind: 'element' });
				} else if (node.selfClosing) {
					add(node.start, node.end, 'element');
				}
				walk(node.children);
			} else if (node.kind === 'comment') {
				const words = text.slice(node.start + 4, node.end - 3).trim();
				if (/^#?region\b/.test(words)) {
					regions.push(lineOf(node.start));
				} else if (/^#?endregion\b/.test(words)) {
					const startLine = regions.pop();
					if (startLine !== undefined) ranges.push({ startLine, endLine: lineOf(node.start), kind: 'region' });
				} else {
					add(node.start, node.end, 'comment');
				}
			} else if (node.kind === 'cdata') {
				add(node.start, node.end, 'element');
			}
		}
	};
	walk(xml.nodes);
	return ranges.sort((a, b) => a.startLine - b.startLine || b.endLine - a.endLine);
}
