import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AfterimageError, type ErrorCode } from '../../../src/base/errors.ts';
import { commands } from '../../../src/cli/commands.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { run } from './run-on-engine.ts';

const imageResult = {
	files: ['/images/A-00-00.mrimgx'],
	imageId: 'A',
	backupType: 'full',
	partitions: [],
	bytesRead: 2048,
	bytesWritten: 1024,
	seconds: 3,
};

describe('the command line', () => {
	it('lists its commands, and what each exit code means', async () => {
		const { code, out } = await run(['--help']);
		expect(code).toBe(0);
		for (const command of commands) expect(out).toContain(command.name);
		expect(out).toContain('5 wrong password');
		expect((await run([])).code).toBe(2);
		expect((await run(['--version'])).out).toBe('1.2.3\n');
	});

	it.each(commands.map((command) => [command.name, command] as const))(
		'%s tells every option it takes',
		async (name, command) => {
			const { code, out, requests } = await run([name, '--help']);
			expect(code).toBe(0);
			expect(requests).toEqual([]);
			for (const option of Object.keys(command.options)) expect(out).toContain(`--${option}`);
			expect(out).toContain('--json');
			for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
			const told = [...out.matchAll(/^ {2}(?:-[a-z], )?--([a-z-]+)/gm)].map((match) => match[1]);
			expect(told.sort()).toEqual([...Object.keys(command.options), 'json', 'help'].sort());
			const short = Object.values(command.options).flatMap((option) => option.short ?? []);
			for (const letter of short) expect(out).toContain(`  -${letter}, --`);
		},
	);

	it.each([
		['invalid-argument', 2],
		['invalid-definition', 2],
		['busy', 3],
		['cancelled', 4],
		['wrong-password', 5],
		['password-needed', 5],
		['image-damaged', 6],
		['file-missing', 6],
		['no-space', 7],
		['target-too-small', 7],
		['source-missing', 8],
		['destination-missing', 8],
		['read-error', 1],
		['failed', 1],
	] as [ErrorCode, number][])('an error %s exits with %i, with its advice and without a stack', async (error, exit) => {
		const fail = () => {
			throw new AfterimageError(error, 'What happened', { advice: 'What to do', details: { offset: 7 } });
		};
		// That somebody has ended a command is no error.
		const words = error === 'cancelled' ? 'What happened' : 'Error: What happened';
		const text = await run(['inspect', 'x.mrimgx'], fail);
		expect(text).toMatchObject({ code: exit, out: '', err: `${words}\n  What to do\n` });
		const json = await run(['inspect', 'x.mrimgx', '--json'], fail);
		expect(json.code).toBe(exit);
		expect(JSON.parse(json.out)).toEqual({
			type: 'error',
			code: error,
			message: 'What happened',
			advice: 'What to do',
			details: { offset: 7 },
		});
	});

	it('shows the message alone of an error that is not ours', async () => {
		const { code, err } = await run(['inspect', 'x'], () => {
			throw new TypeError('surprise');
		});
		expect(code).toBe(1);
		expect(err).toBe('Error: surprise\n');
	});

	it.each([
		[['image', 'disk.img'], '--to FOLDER is missing'],
		[['image', '--to', '/x'], 'SOURCE is missing'],
		[['image', 'a', 'b', '--to', '/x', '--partition', '1'], 'expected one SOURCE'],
		[['image', 'a', '--to', '/x', '--partition', 'one'], 'expected a whole number'],
		[['image', 'a', '--to', '/x', '--aes', '64'], 'expected 128, 192, 256'],
		[['image', 'a', '--to', '/x', '--aes', '256'], '--aes needs --password-file: without a password nothing is'],
		[['image', 'a', '--to', '/x', '--type', 'half'], 'expected full, inc, diff, auto'],
		[['image', 'a', '--to', '/x', '--name', 'a:b'], '--name: expected a text without'],
		[['image', 'a', '--to', '/x', '--name', 'ab\n'], 'found "ab\\n"'],
		[['image', 'a', '--to', '/x', '--name', '語'.repeat(100)], 'expected at most 214 bytes in UTF-8, found 300: 語語'],
		[['verify'], 'Expected a FILE or FOLDER, found none'],
		[['verify', 'a', '--unverified-for', '30'], 'expected a number of days, weeks or months, such as 30d, 4w'],
		[['verify', 'a', '--unverified-for', '0d'], 'expected a number of days, weeks or months, such as 30d, 4w'],
		[['restore', 'a', '--to', 'b', '--discard', '--zero-unused'], 'exclude each other'],
		[['merge', 'a'], 'at least two'],
		[['purge', '/x'], 'No rule is given'],
		[['sets'], 'Expected one FOLDER'],
		[['sets', ''], 'An operand is empty'],
		[['verify', 'a', '--password-file='], '--password-file: expected a path, found ""'],
		[['definition', 'from-image', 'a', '--to='], '--to: expected a path, found ""'],
		[['bogus'], 'no command bogus\n  There are disks, image,'],
		[['imgae', 'a'], 'no command imgae; is image meant?'],
		[['help', 'sest'], 'no command sest; is sets meant?'],
	])('%j is refused before the engine is asked', async (args, message) => {
		const { code, err, requests } = await run(args);
		expect(code).toBe(2);
		expect(err).toContain(message);
		expect(requests).toEqual([]);
	});

	it.each([
		['--bogus', 'Unknown option --bogus'],
		['-x', 'Unknown option -x'],
		['--__proto__', 'Unknown option --__proto__'],
		['--new\nline', 'Unknown option "--new\\nline"'],
		['--compresion none', 'Unknown option --compresion; is --compression meant?'],
		['--split_size 1G', 'Unknown option --split_size; is --split meant?'],
		['--josn', 'Unknown option --josn; is --json meant?'],
		['--verify=yes', '--verify takes no value, found yes'],
		['--to', '--to: its value is missing'],
	])('image %s is refused in one line, and told where options are explained', async (args, message) => {
		const { code, err } = await run(['image', 'a', ...args.split(' ')]);
		expect(code).toBe(2);
		expect(err).toBe(`Error: ${message}\n  afterimage image --help tells what it takes.\n`);
	});

	it('takes no option for a value, unless it is meant', async () => {
		const { code, err } = await run(['image', 'a', '--to', '--verify']);
		expect(code).toBe(2);
		expect(err).toBe(
			'Error: --to: expected its value, found the option --verify\n  Write --to=--verify where that is the value.\n',
		);
		const { requests } = await run(['image', '--to=--verify', '--', '-a'], () => imageResult);
		expect(requests).toMatchObject([{ folder: '--verify', sources: [{ path: '-a' }] }]);
	});

	const size = 'expected a size from 1.00 MB to 8.00 PB, such as 700M or 4.5G';
	const share = 'expected a share above 0% and up to 100%, such as 5% or 0.5%';
	it.each([
		['image a --to /x', '--split', '1K', `${size}, found 1K`],
		['image a --to /x', '--split', '99999T', `${size}, found 99999T`],
		['image a --to /x', '--split', '1e9', `${size}, found 1e9`],
		['image a --to /x', '--split', '-5', `${size}, found -5`],
		['image a --to /x', '--split', '', `${size}, found ""`],
		['image a --to /x', '--min-free', '0', 'expected a whole number from 1 to 1000000, such as 50, found 0'],
		['image a --to /x', '--partition', '1,', 'expected a whole number from 0, such as 2 or 1,3, found ""'],
		['verify a', '--sample', '500%', `${share}, found 500%`],
		['verify a', '--sample', '0', `${share}, found 0`],
		['verify a', '--sample', '-5%', `${share}, found -5%`],
		['verify a', '--sample', 'NaN', `${share}, found NaN`],
		['purge a', '--full', '0', 'expected a whole number from 1 to 9999, such as 12, found 0'],
		['purge a', '--inc', '1.5', 'expected a whole number from 1 to 9999, such as 12, found 1.5'],
		['plan a', '--change', 'Infinity', 'expected a size from 0 bytes to 8.00 PB, such as 5G, found Infinity'],
		['restore a --to /x', '--disk', ' ', 'expected a whole number from 0, such as 0, found " "'],
	])('%s %s=%s is refused with what it takes', async (command, option, value, reason) => {
		const { code, err, requests } = await run([...command.split(' '), `${option}=${value}`]);
		expect({ code, err, requests }).toEqual({ code: 2, err: `Error: ${option}: ${reason}\n`, requests: [] });
	});

	it('asks the engine for what was typed', async () => {
		const password = join(tempFolder(), 'password');
		writeFileSync(password, 'secret\n', { mode: 0o600 });
		const { requests, out } = await run(
			[
				'image',
				'/dev/sda',
				'--to',
				'/images',
				'--partition',
				'1',
				'--partition',
				'3,4',
				'--split',
				'4.5G',
				'--aes',
				'128',
				'--password-file',
				password,
			],
			() => imageResult,
		);
		expect(requests).toEqual([
			{
				sources: [{ path: '/dev/sda', partitions: [1, 3, 4] }],
				folder: '/images',
				type: 'full',
				name: '',
				compression: 'medium',
				password: 'secret',
				aes: 'aes-128',
				splitSize: 4.5 * 2 ** 30,
				allSectors: false,
				verify: false,
				comment: '',
				skipBadSectors: false,
				minFree: undefined,
			},
		]);
		expect(out).toContain('/images/A-00-00.mrimgx');
		const purge = await run(
			['purge', '/x', '--full', '2', '--inc', '5', '--unit', 'weeks', '--synthetic', '--dry-run'],
			() => ({
				steps: [],
				notes: [],
				freedBytes: 0,
			}),
		);
		expect(purge.requests).toEqual([
			{
				folder: '/x',
				dryRun: true,
				rules: {
					scope: 'matching',
					full: { enabled: true, keep: 2, unit: 'weeks' },
					differential: { enabled: false, keep: 1, unit: 'weeks' },
					incremental: { enabled: true, keep: 5, unit: 'weeks' },
					syntheticFull: true,
					runBefore: false,
					minFreeBytes: undefined,
				},
			},
		]);
	});

	it('takes a name of as many bytes as a file name leaves', async () => {
		const { requests } = await run(['image', 'a', '--to', '/x', '--name', 'ä'.repeat(107)], () => imageResult);
		expect(requests).toMatchObject([{ name: 'ä'.repeat(107) }]);
	});

	it('needs a confirmation, or --yes, before a device is overwritten', async () => {
		for (const path of ['/dev/sdz', '\\\\.\\PhysicalDrive1', '\\\\.\\Harddisk1Partition2', 'E:', 'e:\\']) {
			const disks = [{ path, model: 'Disk', size: 1000, partitions: [] }];
			const refused = await run(['restore', 'a.mrimgx', '--to', path], () => disks);
			expect(refused.code).toBe(2);
			expect(refused.err).toContain(`Everything on ${path} (Disk, 1000 bytes, 0 partitions) would be lost`);
			expect(refused.err).toContain('--yes');
			// Only the description of the disk was asked for.
			expect(refused.requests).toEqual([[path]]);
		}
	});

	it('names the folder that is missing where a definition is to be written', async () => {
		const to = join(tempFolder(), 'nowhere', 'x.xml');
		const info = { file: { name: 'A-00-00.mrimgx' }, json: {} };
		const { code, err } = await run(['definition', 'from-image', 'a', '--to', to], () => info);
		expect(code).toBe(8);
		expect(err).toContain(`Error: ${dirname(to)}: `);
	});
});
