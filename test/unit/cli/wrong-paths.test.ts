import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/commands.ts';
import { runCommandLine } from '../../../src/cli/run.ts';
import { systemClock } from '../../../src/engine/ports/clock.ts';
import { createEngine } from '../../../src/engine/main.ts';
import { plainPorts } from '../../../src/engine/ports/plain-ports.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** Runs the command line on an engine of files alone, in a folder that holds `FILE` and `FOLDER`, in it a link to nothing. */
async function run(args: readonly string[]) {
	const at = tempFolder();
	writeFileSync(join(at, 'FILE'), 'no image');
	mkdirSync(join(at, 'FOLDER'));
	symlinkSync('nowhere', join(at, 'FOLDER/gone.mrimgx'));
	let [out, err] = ['', ''];
	const there = (arg: string) => (/^(FILE|FOLDER|NOTHING)/.test(arg) ? join(at, arg) : arg);
	const code = await runCommandLine(args.map(there), {
		version: '1.2.3',
		commands,
		streams: { out: { write: (text) => (out += text) }, err: { write: (text) => (err += text) } },
		signal: new AbortController().signal,
		createEngine: () => createEngine({ ...plainPorts, clock: systemClock }),
	});
	return { code, out: out.replaceAll(at, '…'), err: err.replaceAll(at, '…') };
}

const isFile = 'Error: …/FILE is a file, not a folder\n';
const isFolder =
	'Error: …/FOLDER is a folder, not an image file\n  Name one of its images; afterimage sets …/FOLDER lists them.\n';
const isNothing = 'Error: …/NOTHING: no such file or directory\n';
const noDisk = `Error: There is no disk …/NOTHING: …/NOTHING: no such file or directory
  Name a device or a raw disk file; afterimage disks lists the devices of this machine.
`;

// What the system says of a path, and how paths look, differs on Windows.
describe.runIf(process.platform !== 'win32')('a path that names something else', () => {
	it.each([
		[['sets', 'FILE'], isFile],
		[['sets', 'NOTHING'], isNothing],
		[['purge', 'FILE', '--full', '1'], isFile],
		[['purge', 'FILE', '--full', '1', '--dry-run'], isFile],
		[['disks', 'NOTHING'], noDisk],
		[['image', 'FILE', '--to', 'FILE'], isFile],
		[['image', 'FILE', '--to', 'NOTHING'], `${isNothing}  Create the folder, or attach the disk that it is on.\n`],
		[['inspect', 'FOLDER'], isFolder],
		[['inspect', 'NOTHING'], isNothing],
		[['verify', 'FILE/x.mrimgx'], 'Error: …/FILE/x.mrimgx: not a directory\n'],
		[['restore', 'FOLDER', '--to', 'NOTHING'], isFolder],
		[['definition', 'from-image', 'FOLDER'], isFolder],
		[['merge', 'NOTHING/a.mrimgx', 'NOTHING/b.mrimgx'], isNothing],
		[['merge', 'FOLDER', 'FILE'], isFolder],
	])('%j ends with 8 and says what is there instead', async (args, message) => {
		expect(await run(args)).toEqual({ code: 8, out: '', err: message });
	});

	it('is named once among what cannot be read in a folder, in words', async () => {
		const { code, out } = await run(['sets', 'FOLDER']);
		expect(code).toBe(0);
		expect(out).toContain('Unreadable: …/FOLDER/gone.mrimgx: no such file or directory\n');
	});

	it('is told of by a verification, which goes on to the next', async () => {
		const { code, err } = await run(['verify', 'FOLDER', 'NOTHING']);
		expect(code).toBe(6);
		expect(err).toBe(
			'Warning: …/NOTHING: no such file or directory\n' +
				'Warning: …/FOLDER/gone.mrimgx cannot be read: no such file or directory\n',
		);
	});

	it('is named with the folder in which it was looked for', async () => {
		const { err } = await run(['disks', 'no-such-disk']);
		expect(err).toContain(`There is no disk no-such-disk: ${join(process.cwd(), 'no-such-disk')}: `);
	});
});
