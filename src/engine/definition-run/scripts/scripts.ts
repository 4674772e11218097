import { AfterimageError } from '../../../base/errors.ts';
import type { Script } from '../../../definition/model.ts';
import { logInfo, logWarning, type JobContext } from '../../job-context.ts';
import type { PermissionPort, ProgramEnd, ProgramPort } from '../run-ports.ts';

/**
 * Refuses scripts that somebody else may write: they run with the rights of the backup.
 * @throws AfterimageError `invalid-definition`, `source-missing`, `not-supported`
 */
export function checkScripts(scripts: readonly Script[], permissions: PermissionPort): void {
	for (const { path } of scripts) {
		const objection = permissions.writableByOthers(path);
		if (objection === undefined) continue;
		throw new AfterimageError('invalid-definition', `The script ${path} may be changed by others: ${objection}`, {
			advice:
				process.platform === 'win32'
					? 'Take away their right to write it and the folders above it: "Restrict Permissions" in VS Code, or the Security page of its properties.'
					: 'Take away their right to write it and the folders above it (chmod go-w, chown).',
			details: { path },
		});
	}
}

/** What a script learns of its run, in its environment. */
export type ScriptFacts = Readonly<Record<`AFTERIMAGE_${string}`, string>>;

/** Variables that scripts are given of this process's own; none of them can hold a secret or change what a program loads. */
const passedOn = ['HOME', 'USER', 'LOGNAME', 'LANG', 'LC_ALL', 'LC_CTYPE', 'LC_MESSAGES', 'LC_TIME', 'TZ', 'TMPDIR'];
const windowsPassedOn = ['SystemRoot', 'windir', 'TEMP', 'TMP', 'USERPROFILE', 'ProgramData', 'COMSPEC', 'PATHEXT'];
const safePath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Runs a script and does what its failure means.
 * @throws AfterimageError `failed` when the run is to stop, `cancelled`
 */
export async function runScript(
	script: Script,
	facts: ScriptFacts,
	env: NodeJS.ProcessEnv,
	programs: ProgramPort,
	context: JobContext,
): Promise<void> {
	// Arguments and output may hold passwords, whoever wrote the script.
	logInfo(context, `Script ${[script.path, ...script.arguments].join(' ')}`, `Script ${script.path}`);
	const end = await programs.run({
		path: script.path,
		args: script.arguments,
		env: { ...scriptEnvironment(env), ...facts },
		timeLimit: script.timeLimit,
		signal: context.signal,
		onLine: (line) => logInfo(context, `  | ${line}`, ''),
	});
	const failure = failureOf(end, script);
	if (failure === undefined) return;
	const message = `The script ${script.path} ${failure}`;
	if (script.onFailure === 'stop') throw new AfterimageError('failed', message, { details: { path: script.path } });
	if (script.onFailure === 'warn') logWarning(context, message);
	else logInfo(context, message);
}

function failureOf(end: ProgramEnd, script: Script): string | undefined {
	switch (end.kind) {
		case 'exit':
			return end.code === 0 ? undefined : `ended with exit code ${end.code}`;
		case 'signal':
			return `was ended by ${end.signal}`;
		case 'time-limit':
			return `took longer than ${script.timeLimit} s and was ended`;
		case 'not-started':
			return `cannot be started: ${end.reason}`;
	}
}

function scriptEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
	const names = process.platform === 'win32' ? windowsPassedOn : passedOn;
	const path = process.platform === 'win32' ? (env['PATH'] ?? '') : safePath;
	const kept = names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
	return { ...Object.fromEntries(kept), PATH: path };
}
