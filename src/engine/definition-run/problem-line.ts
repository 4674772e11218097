import type { DefinitionProblem, Severity } from '../../definition/problem.ts';
import { LineIndex } from '../../definition/xml/lines.ts';
import type { FileProblem } from '../requests/definition.ts';

const words: Readonly<Record<Severity, FileProblem['severity']>> = {
	error: 'error',
	warning: 'warning',
	information: 'info',
};

/** Problems with lines and columns as people count them. */
export function fileProblems(text: string, problems: readonly DefinitionProblem[]): FileProblem[] {
	const lines = new LineIndex(text);
	return problems.map(({ start, end, severity, code, message }) => {
		const [from, to] = [lines.positionAt(start), lines.positionAt(end)];
		return {
			line: from.line + 1,
			column: from.column + 1,
			endLine: to.line + 1,
			endColumn: to.column + 1,
			severity: words[severity],
			code,
			message,
		};
	});
}

/** `file:line:column: severity code: message`, as compilers say it and editors find it. */
export function problemLine(path: string, problem: FileProblem): string {
	return `${problemPlace(path, problem)}: ${problem.message.replace(/\s*\n\s*/g, ' ')}`;
}

/** The same without the message, which may quote a definition that its owner alone may read. */
export function problemPlace(path: string, { line, column, severity, code }: FileProblem): string {
	return `${path}:${line}:${column}: ${severity} ${code}`;
}
