/** Text in which Markdown sees nothing but text. */
export function plain(text: string): string {
	return text.replace(/[\\`*_{}[\]()#+\-.!|<>~]/g, '\\$&').replace(/\s+/g, ' ');
}

/** A table; cells are texts, not Markdown. */
export function table(
	head: readonly string[],
	rows: readonly (readonly string[])[],
	right: readonly number[] = [],
): string {
	const line = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
	const rule = `| ${head.map((_, column) => (right.includes(column) ? '--:' : ':--')).join(' | ')} |`;
	return [line(head), rule, ...rows.map(line)].join('\n');
}
