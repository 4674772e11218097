import type { Cost } from './shell.ts';

/** Medians of one contender at one task. */
export interface Row {
	readonly fileSystem: string;
	readonly task: string;
	readonly contender: string;
	readonly seconds: number;
	readonly cpuSeconds: number;
	readonly rssBytes: number;
	readonly outputBytes: number | undefined;
	readonly runs: readonly Cost[];
}

/** One table a task: a row a contender, a column a file system, `wall / CPU seconds · RSS MB · size MB`. */
export function markdownTable(rows: readonly Row[]): string {
	const tasks = unique(rows.map((row) => row.task));
	return tasks
		.map((task) =>
			taskTable(
				task,
				rows.filter((row) => row.task === task),
			),
		)
		.join('\n\n');
}

function taskTable(task: string, rows: readonly Row[]): string {
	const systems = unique(rows.map((row) => row.fileSystem));
	const contenders = unique(rows.map((row) => row.contender));
	const lines = contenders.map((contender) => {
		const cells = systems.map((system) =>
			cellOf(rows.find((row) => row.fileSystem === system && row.contender === contender)),
		);
		return `| ${contender.replaceAll('|', '\\|')} | ${cells.join(' | ')} |`;
	});
	return [
		`| ${task} | ${systems.map((system) => `${system}: s / CPU s / RSS MB / size MB`).join(' | ')} |`,
		`|---|${systems.map(() => '---|').join('')}`,
		...lines,
	].join('\n');
}

function cellOf(row: Row | undefined): string {
	if (row === undefined) return '–';
	const size = row.outputBytes === undefined ? '–' : megabytes(row.outputBytes);
	return [row.seconds.toFixed(2), row.cpuSeconds.toFixed(2), megabytes(row.rssBytes), size].join(' / ');
}

function megabytes(bytes: number): string {
	return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}

function unique(values: readonly string[]): string[] {
	return [...new Set(values)];
}
