import { toErrorRecord } from '../../base/errors.ts';
import type { JobEvent, LogEvent } from '../../engine/job-events.ts';
import { progressLine } from './progress-bar.ts';
import { visible } from '../../base/visible.ts';

/** Where a command tells what happens. Text for people, or JSON lines for programs. */
export interface Output {
	event(event: JobEvent): void;
	/** @param lines what people read; programs get `value` whole */
	result(value: object, lines: readonly string[]): void;
	error(error: unknown): void;
	/** Ends a progress line that is still open. */
	finish(): void;
}

export interface OutputStreams {
	readonly out: { write(text: string): unknown };
	readonly err: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
}

/** `{"type":"progress"|"log"|"result"|"error", …}`, a line each, on standard output. */
export function jsonOutput(streams: OutputStreams): Output {
	const line = (value: object) => void streams.out.write(`${JSON.stringify(value)}\n`);
	return {
		// What a log for others would say is no concern of who runs the command.
		event: (event) => line({ ...event, openly: undefined }),
		result: (value) => line({ ...value, type: 'result' }),
		error: (error) => line({ ...toErrorRecord(error), type: 'error' }),
		finish: () => undefined,
	};
}

/** Results on standard output; log lines, errors and, on a terminal, a progress bar on standard error. */
export function textOutput(streams: OutputStreams): Output {
	const { out, err } = streams;
	let open = 0;
	const clear = () => {
		if (open > 0) err.write(`\r${' '.repeat(open)}\r`);
		open = 0;
	};
	const say = (text: string) => {
		clear();
		err.write(`${text.split('\n').map(visible).join('\n')}\n`);
	};
	const sayLog = ({ level, message, advice }: LogEvent) => {
		say(level === 'warning' ? `Warning: ${message}` : message);
		if (advice !== undefined) say(`  ${advice}`);
	};
	/** What the result will say, if there is one. */
	const held: LogEvent[] = [];
	return {
		event(event) {
			if (event.type === 'log') {
				if (event.inResult === true) held.push(event);
				else sayLog(event);
			} else if (err.isTTY === true) {
				const text = progressLine(event, err.columns || 80);
				err.write(`\r${text.padEnd(open)}`);
				open = text.length;
			}
		},
		result(_, lines) {
			clear();
			for (const line of lines) out.write(`${visible(line)}\n`);
		},
		error(error) {
			for (const event of held) sayLog(event);
			const record = toErrorRecord(error);
			say(record.code === 'cancelled' ? record.message : `Error: ${record.message}`);
			if (record.advice !== undefined) say(`  ${record.advice}`);
		},
		finish: clear,
	};
}
