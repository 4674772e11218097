import { closeSync, openSync, writeSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import { problemLine } from '../../engine/definition-run/problem-line.ts';
import { expectFolder } from '../../engine/ports/expect-path.ts';
import { systemCode } from '../../base/system-code.ts';
import { openFailure } from '../../engine/ports/system-errors.ts';
import { commonHelp, type Command } from '../command.ts';
import { invalid, pathOf } from '../options/option-values.ts';

export const definitionCommand: Command = {
	name: 'definition',
	summary: 'Write the definition that an image carries',
	help: `Usage: afterimage definition from-image FILE [options]

Writes the backup definition that an image carries as XML, also from images of Macrium Reflect. What the image
does not tell has its default; what has to be completed before it can be run is said.

  --to FILE              Write it to FILE, which must not be there yet; otherwise to standard output
${commonHelp}
`,
	options: { to: { type: 'string' } },
	async run(values, operands, { engine, output, signal }) {
		const [action, image, ...rest] = operands;
		if (action !== 'from-image') throw invalid(`Expected from-image, found ${action ?? 'nothing'}`);
		if (image === undefined || rest.length > 0) throw invalid('Expected one FILE after from-image');
		const to = pathOf(values, 'to');
		const info = await engine.inspect(image, { signal, emit: (event) => output.event(event) });
		const name = basename(info.file.name).replace(/(-\d+-\d+)?\.[^.]+$/, '');
		const { definitionOfImage } = await import('../definition-of-image.ts');
		const { text, problems, gaps, valid } = definitionOfImage(carried(info.json), name, process.platform);
		if (to !== undefined) writeNew(resolve(to), text);
		const path = to === undefined ? 'definition' : resolve(to);
		for (const problem of problems) {
			const level = problem.severity === 'error' ? 'warning' : 'info';
			output.event({ type: 'log', level, message: problemLine(path, problem) });
		}
		for (const message of gaps) output.event({ type: 'log', level: 'warning', message });
		const written = to === undefined ? text.trimEnd().split('\n') : [`${path} was written`];
		output.result({ path: to === undefined ? undefined : path, xml: text, valid, gaps }, written);
		return 0;
	},
};

/** `_auxiliary_data.backup_definition` of the image's `$JSON`. */
function carried(json: unknown): unknown {
	const auxiliary = (json as { _auxiliary_data?: { backup_definition?: unknown } } | null)?._auxiliary_data;
	return auxiliary?.backup_definition;
}

/** Only the user may read it: a definition says what is worth protecting, and where. */
function writeNew(path: string, text: string): void {
	expectFolder(dirname(path), 'destination-missing');
	let fd: number;
	try {
		fd = openSync(path, 'wx', 0o600);
	} catch (error) {
		if (systemCode(error) === 'EEXIST') {
			throw new AfterimageError('invalid-argument', `${path} is there already`, { advice: 'Choose another name.' });
		}
		throw openFailure(error, path, 'destination-missing');
	}
	try {
		writeSync(fd, text);
	} finally {
		closeSync(fd);
	}
}
