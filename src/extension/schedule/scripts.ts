import { backupArguments, shellQuote, type Program } from './program.ts';

/** What the exit codes of `afterimage` mean (src/base/errors.ts), with the name of the function that handles each in a script. */
const outcomes = [
	[0, 'on_success', 'The backup was made.'],
	[2, 'on_invalid_definition', 'The definition or an argument is not valid.'],
	[3, 'on_busy', 'Another run works in the destination folder.'],
	[4, 'on_cancelled', 'The run was cancelled.'],
	[5, 'on_wrong_password', 'The password is missing or wrong.'],
	[6, 'on_damaged', 'A file of the backup set is damaged or missing.'],
	[7, 'on_no_space', 'There is not enough space.'],
	[8, 'on_missing', 'A source or the destination is not there.'],
] as const;

/** A script for a POSIX shell that makes a backup and has a function to fill for each outcome. */
export function shellScript(name: string, definition: string, program: Program): string {
	const call = [program.runtime, program.script].map(shellQuote).join(' ');
	const start = `${program.electron ? 'ELECTRON_RUN_AS_NODE=1 ' : ''}${call}`;
	const hooks = outcomes.map(([, hook, what]) => `# ${what}\n${hook}() {\n\t:\n}\n`).join('\n');
	const cases = outcomes.map(([code, hook]) => `${code}) ${hook} ;;`).join('\n');
	return `#!/bin/sh
# Makes a backup of "${oneLine(name)}". Usage: this script [full|inc|diff|auto]
# Keep it where only you and administrators may write: it runs with the rights of whoever starts it.

definition=${shellQuote(definition)}
type=\${1:-auto}

# Runs before the backup; a failure here stops it.
before_backup() {
	:
}

${hooks}
# Anything else went wrong; the log says what.
on_failure() {
	:
}

run_afterimage() {
	if command -v afterimage > /dev/null 2>&1; then
		afterimage "$@"
	else
		${start} "$@"
	fi
}

before_backup || exit 1
run_afterimage backup "$definition" --type "$type"
code=$?
case $code in
${cases}
*) on_failure ;;
esac
exit $code
`;
}

/** The same for PowerShell 5.1 and newer. */
export function powerShellScript(name: string, definition: string, program: Program): string {
	const functionOf = (hook: string) =>
		hook
			.split('_')
			.map((word) => word[0]!.toUpperCase() + word.slice(1))
			.join('');
	const hooks = outcomes.map(([, hook, what]) => `# ${what}\nfunction ${functionOf(hook)} {\n}\n`).join('\n');
	const cases = outcomes.map(([code, hook]) => `    ${code} { ${functionOf(hook)} }`).join('\n');
	const [script, ...rest] = backupArguments(program, '$definition', '$type');
	const words = rest.map((word) => (word.startsWith('$') ? word : psQuote(word))).join(' ');
	const electron = program.electron ? "        $env:ELECTRON_RUN_AS_NODE = '1'\n" : '';
	return `# Makes a backup of "${oneLine(name)}".
# Keep it where only you and administrators may write: it runs with the rights of whoever starts it.
param([ValidateSet('full', 'inc', 'diff', 'auto')] [string] $type = 'auto')

$definition = ${psQuote(definition)}

# Runs before the backup; an exception here stops it.
function BeforeBackup {
}

${hooks}
# Anything else went wrong; the log says what.
function OnFailure {
}

function Invoke-Afterimage {
    if (Get-Command afterimage -ErrorAction SilentlyContinue) {
        & afterimage @args
    } else {
${electron}        & ${psQuote(program.runtime)} ${psQuote(script!)} @args
    }
}

BeforeBackup
Invoke-Afterimage ${words} | Out-Host
$code = $LASTEXITCODE
switch ($code) {
${cases}
    default { OnFailure }
}
exit $code
`;
}

function psQuote(text: string): string {
	return `'${text.replaceAll("'", "''")}'`;
}

function oneLine(text: string): string {
	return text.replace(/\s+/g, ' ');
}
