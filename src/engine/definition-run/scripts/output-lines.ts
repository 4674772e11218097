import type { Readable } from 'node:stream';

/** UTF-16 units that are kept of one line: what a program writes without a line break must not fill this process's memory. */
export const longestLine = 4096;

/** Tells each line of a stream of UTF-8, whatever ends it, the last also without an end. Of longer lines the beginning, with `…`. */
export function hearLines(stream: Readable, onLine: (line: string) => void): void {
	let line = '';
	let cut = false;
	/** The last character so far was a carriage return: a line feed behind it ends the same line. */
	let returned = false;
	const take = (piece: string) => {
		cut ||= line.length + piece.length > longestLine;
		line += piece.slice(0, longestLine - line.length);
	};
	const tell = () => {
		onLine(cut ? `${line}…` : line);
		line = '';
		cut = false;
	};
	stream.setEncoding('utf8');
	stream.on('data', (chunk: string) => {
		let at = returned && chunk.startsWith('\n') ? 1 : 0;
		returned = chunk.endsWith('\r');
		const ends = /\r\n?|\n/g;
		ends.lastIndex = at;
		for (let end = ends.exec(chunk); end !== null; end = ends.exec(chunk)) {
			take(chunk.slice(at, end.index));
			tell();
			at = ends.lastIndex;
		}
		take(chunk.slice(at));
	});
	stream.on('end', () => {
		if (line !== '') tell();
	});
}
