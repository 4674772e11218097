import { crontabCommand } from './install-command.ts';
import type { InstalledUnit } from './installed-units.ts';
import { identityOf, shellQuote } from './program.ts';
import type { PlacedProgram } from './program-copy.ts';
import { rootDefinitionPattern } from './root-definition.ts';
import { isForStart, type UnitFile } from './systemd.ts';

/** Folder of root's copies of the program. */
export const rootProgramFolder = '/usr/local/lib/afterimage';

interface RootInstallation {
	readonly name: string;
	/** Where the person keeps the definition. */
	readonly path: string;
	/** Root's copy of it. */
	readonly run: string;
	readonly placed: PlacedProgram;
}

/**
 * A script for root that puts units in force in place of those that the definition had, beside which it lies. It copies
 * definition and program first: what runs as root without a question may be changed by nobody else.
 * @param removed further units that go
 */
export function rootTimersScript(
	installation: RootInstallation,
	units: readonly UnitFile[],
	removed: readonly InstalledUnit[],
): string {
	const timers = units.filter(({ name }) => name.endsWith('.timer'));
	const services = units.filter(({ name }) => name.endsWith('.service'));
	const list = (which: readonly UnitFile[]) => which.map(({ name }) => name).join(' ');
	const started = timers.filter((timer) => !isForStart(timer));
	return `${head(installation)}
units=/etc/systemd/system

${copying(installation)}
remove() {
	systemctl disable --now "$1.timer" 2> /dev/null || true
	systemctl clean --what=state "$1.timer" 2> /dev/null || true
	rm -f "$units/$1.timer" "$units/$1.service"
}

# Schedules that the definition has no more.
wanted=' ${list(services)} '
for file in "$units"/afterimage-*-${identityOf(installation.path)}-*.service; do
	[ -e "$file" ] || continue
	case "$wanted" in
	*" $(basename "$file") "*) ;;
	*) remove "$(basename "$file" .service)" ;;
	esac
done
${removal(removed)}
for file in ${list(units)}; do
	install -m 644 "$here/$file" "$units/$file"
done
systemctl daemon-reload
systemctl enable ${list(timers)}
${started.length === 0 ? '' : `systemctl start ${list(started)}\n`}${cleaning}
systemctl list-timers --all 'afterimage-*'
`;
}

function removal(removed: readonly InstalledUnit[]): string {
	const paths = new Set(removed.flatMap(({ definition }) => definition ?? []));
	return [
		...removed.map(({ name }) => `remove ${name}`),
		...[...paths].map((path) => `rm -f ${rootDefinitionPattern(path)}`),
		'',
	].join('\n');
}

/** The same for the crontab of root. @param file name of the file with the lines, beside the script */
export function rootCrontabScript(installation: RootInstallation, file: string, zone: string | undefined): string {
	return `${head(installation)}
${copying(installation)}
cd "$here"
${crontabCommand(installation.path, file, zone)}
${cleaning}
crontab -l
`;
}

const cleaning = `
# Copies of the program that nothing starts any more.
for copy in ${rootProgramFolder}/*; do
	[ -d "$copy" ] || continue
	{ cat /etc/systemd/system/afterimage-*.service; crontab -l; } 2> /dev/null | grep -qF "$copy/" || rm -rf "$copy"
done`;

function head({ name }: RootInstallation): string {
	return `#!/bin/sh
# Puts the schedules of "${name.replace(/\s+/g, ' ')}" in force, in place of those that it had. Run it as root: sudo sh FILE
set -eu
[ "$(id -u)" -eq 0 ] || { echo "Run this as root: sudo sh $0" >&2; exit 1; }
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
`;
}

function copying({ path, run, placed: { copy } }: RootInstallation): string {
	const lines = [
		'# Root runs copies that nobody else may change.',
		`rm -f ${rootDefinitionPattern(path)}`,
		`install -D -m 600 ${shellQuote(path)} ${shellQuote(run)}`,
	];
	if (copy !== undefined) {
		lines.push(
			`program=${shellQuote(copy.to)}`,
			'if [ ! -e "$program" ]; then',
			'\trm -rf "$program.new"',
			'\tmkdir -p "$program.new"',
			`\tcp -RL ${copy.from.map(shellQuote).join(' ')} "$program.new"`,
			'\tchown -R 0:0 "$program.new"',
			'\tchmod -R u=rwX,go=rX "$program.new"',
			'\tmv "$program.new" "$program"',
			'fi',
		);
	}
	return `${lines.join('\n')}\n`;
}
