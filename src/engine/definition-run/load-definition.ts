import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import type { BackupDefinition } from '../../definition/model.ts';
import { readModel } from '../../definition/read-model.ts';
import type { ValidationFacts } from '../../definition/rules/rule.ts';
import { validateDefinition } from '../../definition/validate.ts';
import { openFailure } from '../ports/system-errors.ts';
import type { FileProblem } from '../requests/definition.ts';
import { fileProblems, problemLine } from './problem-line.ts';

/** No definition that people write comes near this. */
const largest = 16 * 1024 * 1024;
/** Problems that an error names; `afterimage validate` names all. */
const mostNamed = 20;

export interface LoadedDefinition {
	/** Absolute. */
	readonly path: string;
	readonly definition: BackupDefinition;
	/** What is doubtful in it. */
	readonly warnings: readonly FileProblem[];
}

/**
 * Reads and validates a definition.
 * @param facts what is known of the world around it
 * @throws AfterimageError `source-missing`, `invalid-definition` with a line for each problem: file, line and column first
 */
export function loadDefinition(file: string, facts: ValidationFacts = {}): LoadedDefinition {
	const path = resolve(file);
	const text = readText(path);
	const { document, problems: found, read } = validateDefinition(text, { ...facts, definitionPath: path });
	const problems = fileProblems(text, found);
	const errors = problems.filter((problem) => problem.severity === 'error');
	if (errors.length > 0 || read === undefined) {
		const lines = errors.slice(0, mostNamed).map((problem) => problemLine(path, problem));
		const more = errors.length > mostNamed ? [`and ${errors.length - mostNamed} more`] : [];
		throw new AfterimageError('invalid-definition', [...lines, ...more].join('\n'), {
			advice: `See afterimage validate ${file}.`,
			details: { path, problems: errors.length },
		});
	}
	return {
		path,
		definition: readModel(document),
		warnings: problems.filter((problem) => problem.severity === 'warning'),
	};
}

/** The text of a definition file. @throws AfterimageError `source-missing`, `permission-denied`, `invalid-definition` */
export function readText(path: string): string {
	let fd: number;
	try {
		fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
	} catch (error) {
		throw openFailure(error, path, 'source-missing');
	}
	try {
		const stat = fstatSync(fd);
		if (!stat.isFile()) throw new AfterimageError('source-missing', `${path} is no file`, { details: { path } });
		if (stat.size > largest) throw unreadable(path, 'xml-too-large', `at most ${largest} bytes`, `${stat.size}`);
		const bytes = readFileSync(fd);
		try {
			return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
		} catch {
			throw unreadable(path, 'xml-encoding', 'text in UTF-8', 'other bytes');
		}
	} catch (error) {
		throw openFailure(error, path, 'source-missing');
	} finally {
		closeSync(fd);
	}
}

function unreadable(
	path: string,
	code: 'xml-too-large' | 'xml-encoding',
	expected: string,
	found: string,
): AfterimageError {
	return new AfterimageError('invalid-definition', `${path}:1:1: error ${code}: expected ${expected}, found ${found}`, {
		details: { path, expected, found },
	});
}
