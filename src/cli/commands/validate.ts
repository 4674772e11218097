import { exitCodeOf, toErrorRecord } from '../../base/errors.ts';
import { problemLine } from '../../engine/definition-run/problem-line.ts';
import type { ValidatedFile } from '../../engine/requests/definition.ts';
import { commonHelp, type Command } from '../command.ts';
import { invalid } from '../options/option-values.ts';

export const validateCommand: Command = {
	name: 'validate',
	summary: 'Check backup definitions',
	help: `Usage: afterimage validate FILE…

Checks backup definitions: well-formed XML, the schema, and what the parts mean together. Each finding is a
line FILE:LINE:COLUMN: SEVERITY CODE: MESSAGE. Exit code 2 when a definition has an error.

${commonHelp}
`,
	options: {},
	async run(_, operands, { engine, output, signal }) {
		if (operands.length === 0) throw invalid('FILE is missing');
		const files: ValidatedFile[] = [];
		const failures: unknown[] = [];
		for (const file of operands) {
			try {
				files.push(await engine.validate(file, { signal, emit: (event) => output.event(event) }));
			} catch (error) {
				failures.push(error);
			}
		}
		output.result({ files }, files.flatMap(fileLines));
		for (const failure of failures) output.error(failure);
		if (files.some((file) => !file.valid)) return exitCodeOf('invalid-definition');
		return failures.length === 0 ? 0 : exitCodeOf(toErrorRecord(failures[0]).code);
	},
};

function fileLines({ path, problems, valid }: ValidatedFile): string[] {
	return [...problems.map((problem) => problemLine(path, problem)), ...(valid ? [`${path} is valid`] : [])];
}
