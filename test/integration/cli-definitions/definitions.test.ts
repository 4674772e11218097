import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageResult, ValidatedFile } from '../../../src/engine/requests.ts';
import type { RunRecord } from '../../../src/protocol/jobs.ts';
import { afterimage, afterimageJson, afterimageResult } from '../../support/cli.ts';
import { ext4From, makeRawDisk, patch } from '../../support/raw-disk.ts';
import { run } from '../../support/run.ts';
import { startSmtpServer } from '../../support/smtp-server.ts';

const root = resolve(import.meta.dirname, '../../..');
let folder: string;
let disk: string;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'afterimage-definitions-'));
	process.env['AFTERIMAGE_DATA'] = join(folder, 'data');
	process.env['AFTERIMAGE_CONFIG'] = join(folder, 'config');
	mkdirSync(join(folder, 'config'));
	const content = join(folder, 'content');
	mkdirSync(content);
	writeFileSync(join(content, 'file'), Buffer.alloc(2_000_000, 'afterimage'));
	disk = join(folder, 'disk.img');
	await makeRawDisk(disk, 'gpt', 48, [
		{ start: 1, size: 24, type: 'L', make: ext4From(content) },
		{ start: 26, size: 16, type: 'L', make: ext4From(content) },
	]);
});

afterAll(() => {
	delete process.env['AFTERIMAGE_DATA'];
	delete process.env['AFTERIMAGE_CONFIG'];
	rmSync(folder, { recursive: true, force: true });
});

interface Written {
	readonly path: string;
	readonly images: string;
	readonly home: string;
}

let written = 0;

/** A definition in a folder of its own, with a folder for its images. */
function definition(more = '', sources = `<raw_file path="${disk}"/>`): Written {
	const home = join(folder, `definition-${++written}`);
	const images = join(home, 'images');
	mkdirSync(images, { recursive: true });
	const path = join(home, 'disk.xml');
	writeFileSync(
		path,
		`<?xml version="1.0" encoding="UTF-8"?>
<backup_definition xmlns="https://afterimage.dev/schema/backup-definition/1">
	<name>Disk</name>
	<sources>${sources}</sources>
	<destination>
		<folder>${images}</folder>
	</destination>
	${more}
</backup_definition>
`,
	);
	return { path, images, home };
}

function script(home: string, name: string, text: string, mode = 0o755): string {
	const path = join(home, name);
	writeFileSync(path, `#!/bin/sh\n${text}\n`);
	chmodSync(path, mode);
	return path;
}

const imagesIn = (path: string) => readdirSync(path).filter((name) => !name.startsWith('.'));

describe('afterimage validate', () => {
	it('agrees with xmllint, and says where it does not like a definition as the problem matcher reads it', async () => {
		const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
			contributes: { problemMatchers: { pattern: { regexp: string } }[] };
		};
		const matcher = new RegExp(contributes.problemMatchers[0]!.pattern.regexp);
		const schema = join(root, 'schema', 'backup-definition.xsd');
		const good = definition();
		const bad = definition('<compression_level>extreme</compression_level>');
		const broken = definition('<comment>');
		for (const [{ path }, code, place] of [
			[good, 0, undefined],
			[bad, 2, ['8', '21']],
			[broken, 2, ['8', '2']],
		] as const) {
			const lint = await run('xmllint', ['--noout', '--schema', schema, path], { codes: [0, 1, 3] });
			expect(lint.code === 0).toBe(code === 0);
			const { out, code: exit } = await afterimage(['validate', path]);
			expect(exit).toBe(code);
			const lines = out.trimEnd().split('\n');
			if (place === undefined) {
				expect(lines).toEqual([`${path} is valid`]);
			} else {
				const match = matcher.exec(lines[0]!);
				expect(match?.slice(1, 5)).toEqual([path, ...place, 'error']);
				expect(match?.[5]).toMatch(/^(schema|xml)-/);
			}
		}
	});

	it('goes through several files, and tells programs the same', async () => {
		const [good, bad] = [definition(), definition('<rate_limit>x</rate_limit>')];
		const lines = await afterimageJson(['validate', good.path, join(folder, 'none.xml'), bad.path], 2);
		const { files } = lines.find((line) => line.type === 'result') as unknown as { files: ValidatedFile[] };
		expect(files.map(({ path, valid }) => [path, valid])).toEqual([
			[good.path, true],
			[bad.path, false],
		]);
		expect(files[1]!.problems[0]).toMatchObject({ line: 8, severity: 'error' });
		expect(lines.find((line) => line.type === 'error')).toMatchObject({ code: 'source-missing' });
		expect((await afterimage(['validate', join(folder, 'none.xml')])).code).toBe(8);
		expect((await afterimage(['validate'])).code).toBe(2);
	});

	it('judges scripts by who may write them', async () => {
		const made = definition();
		const open = script(made.home, 'open.sh', 'true', 0o777);
		const { path } = definition(`<scripts><before path="${open}"/></scripts>`);
		const { out, code } = await afterimage(['validate', path]);
		expect(code).toBe(2);
		expect(out).toContain('error script-writable');
		chmodSync(open, 0o755);
		expect((await afterimage(['validate', path])).code).toBe(0);
	});
});

describe('afterimage backup', () => {
	it('makes a full, then incrementals that restore, and leaves logs and a history', async () => {
		const { path, images } = definition('<auto_verify>true</auto_verify>');
		const full = await afterimageResult<{ image: ImageResult; logPath: string }>(['backup', path]);
		expect(full.image).toMatchObject({ backupType: 'full', files: [expect.stringContaining(images) as string] });
		expect(readFileSync(full.logPath, 'utf8')).toMatch(/Verifying: .*\n.*Verified /);
		const at = readFileSync(disk).indexOf('afterimageafterimage');
		await patch(disk, at, Buffer.from('AFTERIMAGE'));
		const { image } = await afterimageResult<{ image: ImageResult }>(['backup', path]);
		expect(image.backupType).toBe('inc');
		const target = join(images, 'restored.img');
		await afterimageResult(['restore', image.files[0]!, '--to', target, '--verify']);
		await run('cmp', [disk, target]);
		const { runs } = await afterimageResult<{ runs: RunRecord[] }>(['runs', '--limit', '3']);
		expect(runs.map((one) => [one.kind, one.outcome, one.definition, one.type])).toEqual([
			['restore', 'success', undefined, undefined],
			['backup', 'success', path, 'auto'],
			['backup', 'success', path, 'auto'],
		]);
		const { out } = await afterimage(['runs']);
		expect(out.split('\n')[0]).toMatch(/^Started +Result +Took +Written +Run +Summary +Log/);
		expect(out).toContain(full.logPath);
	});

	it('ends with exit code 2, and the place, when the definition is not valid', async () => {
		const { path, images } = definition('<auto_verify>maybe</auto_verify>');
		const { code, err } = await afterimage(['backup', path]);
		expect(code).toBe(2);
		expect(err).toMatch(new RegExp(`${path}:8:\\d+: error schema-`));
		expect(imagesIn(images)).toEqual([]);
	});

	it('names a disk that is missing, and a destination', async () => {
		const missing = definition('', '<disk signature="DEADBEEF" model="Old Disk"/>');
		const gone = await afterimage(['backup', missing.path]);
		expect(gone).toMatchObject({
			code: 8,
			err: expect.stringContaining('Disk DEADBEEF (Old Disk) is not connected') as string,
		});
		const { path, images } = definition();
		rmSync(images, { recursive: true });
		expect((await afterimage(['backup', path])).code).toBe(8);
	});

	it('finds a disk by the id of its partition table, wherever it is attached', async () => {
		const attached = join(folder, 'attached.img');
		await run('cp', ['--sparse=always', disk, attached]);
		const { stdout: id } = await run('sfdisk', ['--disk-id', attached]);
		const loop = (await run('losetup', ['--find', '--show', attached])).stdout.toString().trim();
		try {
			const { path } = definition('', `<disk signature="${id.toString().trim()}"><partition number="2"/></disk>`);
			const { image } = await afterimageResult<{ image: ImageResult }>(['backup', path]);
			expect(image.partitions.map((one) => one.number)).toEqual([2]);
			const text = readFileSync((await lastRun()).logPath!, 'utf8');
			expect(text).toContain(`is ${loop}, partition 2`);
		} finally {
			await run('losetup', ['--detach', loop]);
		}
	});

	it('applies the retention rules of the definition', async () => {
		const { path, images } = definition(
			'<disk_space_management><full_retention interval="2"/><incremental_retention interval="1"/></disk_space_management>',
		);
		for (const type of ['full', 'full', 'inc', 'inc', 'full']) {
			await afterimageResult(['backup', path, '--type', type]);
		}
		const names = imagesIn(images).map((name) => name.slice(17));
		expect(names.sort()).toEqual(['00-00.mrimgx', '00-00.mrimgx', '01-01.mrimgx']);
		for (const name of imagesIn(images)) await afterimageResult(['verify', join(images, name)]);
	});

	it('encrypts with a password from a file that others cannot read', async () => {
		const secret = join(folder, 'password');
		writeFileSync(secret, 'correct horse battery\n', { mode: 0o600 });
		const { path } = definition(`<encryption aes_type="aes-256" password_source="file" password_name="${secret}"/>`);
		const { image } = await afterimageResult<{ image: ImageResult }>(['backup', path]);
		const info = await afterimageResult<{ encryption: string }>(['inspect', image.files[0]!]);
		expect(info.encryption).toBe('aes-256');
		chmodSync(secret, 0o644);
		expect((await afterimage(['backup', path])).code).toBe(1);
		const data = join(folder, 'data', 'runs');
		for (const name of readdirSync(data)) {
			expect(readFileSync(join(data, name), 'utf8')).not.toContain('horse battery');
		}
		const asked = definition('<encryption aes_type="aes-128"/>');
		expect((await afterimage(['backup', asked.path])).code).toBe(5);
		await afterimageResult(['backup', asked.path, '--password-file', secret]);
	});
});

describe('scripts', () => {
	it('run with their arguments around the backup, and stop it when they fail', async () => {
		const made = definition();
		const log = join(made.home, 'log');
		const before = script(made.home, 'before.sh', `printf '<%s>' "$@" >> ${log}; echo "before $AFTERIMAGE_NAME"`);
		const after = script(made.home, 'after.sh', `echo " $AFTERIMAGE_OUTCOME $AFTERIMAGE_FILES" >> ${log}`);
		const scripts = `<scripts><before path="${before}"><argument>a b</argument><argument>$(id)</argument></before><after path="${after}"/></scripts>`;
		const { path, images } = definition(scripts);
		const { image } = await afterimageResult<{ image: ImageResult }>(['backup', path]);
		expect(readFileSync(log, 'utf8')).toBe(`<a b><$(id)> success ${image.files[0]}\n`);
		expect(readFileSync((await lastRun()).logPath!, 'utf8')).toContain('| before Disk');
		script(made.home, 'before.sh', 'echo no >&2; exit 3');
		const failed = await afterimage(['backup', path]);
		expect(failed).toMatchObject({ code: 1, err: expect.stringContaining('ended with exit code 3') as string });
		expect(imagesIn(images)).toHaveLength(1);
		expect(readFileSync(log, 'utf8')).toContain(' failed \n');
	});

	it('are refused when others may write them, their folder or the definition', async () => {
		const made = definition();
		const marker = join(made.home, 'ran');
		const before = script(made.home, 'before.sh', `touch ${marker}`);
		const { path, images, home } = definition(`<scripts><before path="${before}"/></scripts>`);
		const opened: readonly (readonly [string, number, number])[] = [
			[before, 0o775, 0o755],
			[made.home, 0o777, 0o755],
			[path, 0o666, 0o600],
			[home, 0o777, 0o755],
		];
		for (const [what, open, closed] of opened) {
			chmodSync(what, open);
			const { code, err } = await afterimage(['backup', path]);
			expect(code).not.toBe(0);
			expect(err).toContain(`${what} has mode ${open.toString(8)}`);
			chmodSync(what, closed);
		}
		expect(existsSync(marker)).toBe(false);
		expect(imagesIn(images)).toEqual([]);
		await afterimageResult(['backup', path]);
		expect(existsSync(marker)).toBe(true);
	});
});

describe('mail', () => {
	it('is sent through the server of the settings, with the log', async () => {
		const { port, mails } = await startSmtpServer();
		const settings = join(folder, 'config', 'mail.json');
		writeFileSync(settings, JSON.stringify({ server: `smtp://127.0.0.1:${port}`, sender: 'pc@example.com' }), {
			mode: 0o600,
		});
		const { path } = definition(
			'<email><success recipients="a@example.com" attach_log="true"/><failure recipients="f@example.com"/></email>',
		);
		await afterimageResult(['backup', path]);
		expect(mails).toMatchObject([{ from: 'pc@example.com', to: ['a@example.com'] }]);
		expect(mails[0]!.data).toContain('Subject:');
		expect(mails[0]!.data).toMatch(/filename=\S+\.log/);
		rmSync(join(path, '..', 'images'), { recursive: true });
		expect((await afterimage(['backup', path])).code).toBe(8);
		expect(mails[1]).toMatchObject({ to: ['f@example.com'] });
		rmSync(settings);
		mkdirSync(join(path, '..', 'images'));
		const { err, code } = await afterimage(['backup', path]);
		expect(code).toBe(0);
		expect(err).toContain('Warning: No mail was sent: No mail server for mail is known');
		expect((await lastRun()).outcome).toBe('warning');
	});
});

describe('afterimage plan', () => {
	it('tells what will run, what there will be and why things go', async () => {
		const { path, images } = definition(
			`<scheduling><schedule backup_type="full"><weekly days="monday" time="09:00"/></schedule><schedule backup_type="inc"><daily time="12:00"/></schedule></scheduling>
	<disk_space_management><full_retention interval="2"/></disk_space_management>`,
		);
		const { out, code } = await afterimage(['plan', path, '--days', '30', '--full-size', '1G', '--change', '10M']);
		expect(code).toBe(0);
		expect(out).toMatch(/^\w{3} \d{4}-\d\d-\d\d \d\d:\d\d {2}Full {2}SET0001-00 {2}1\.00 GB$/m);
		expect(out).toContain('keep 2 full backups');
		expect(out).toMatch(/After 30 days, \d+ runs/);
		const { days } = await afterimageResult<{ days: { date: string }[] }>(['plan', path]);
		expect(days).toHaveLength(90);
		expect(imagesIn(images)).toEqual([]);
		expect((await afterimage(['plan', definition().path])).out).toContain('No schedule runs in this time');
		expect((await afterimage(['plan', path, '--days', '100000'])).code).toBe(2);
	});
});

describe('afterimage definition from-image', () => {
	it('gives back the definition that made the image', async () => {
		const made = definition('<compression_level>high</compression_level><auto_verify>true</auto_verify>');
		const { image } = await afterimageResult<{ image: ImageResult }>(['backup', made.path]);
		const to = join(made.home, 'again.xml');
		await afterimageResult(['definition', 'from-image', image.files[0]!, '--to', to]);
		expect(statSync(to).mode & 0o777).toBe(0o600);
		const canonical = async (path: string) =>
			(await run('sh', ['-c', `xmllint --noblanks --c14n "$1"`, 'sh', path])).stdout.toString();
		expect(await canonical(to)).toBe(await canonical(made.path));
		const { out } = await afterimage(['definition', 'from-image', image.files[0]!]);
		expect(out).toBe(readFileSync(to, 'utf8'));
		const taken = await afterimage(['definition', 'from-image', image.files[0]!, '--to', to]);
		expect(taken).toMatchObject({ code: 2, err: expect.stringContaining('is there already') as string });
		expect((await afterimage(['definition', 'into-image', 'x'])).code).toBe(2);
	});
});

async function lastRun(): Promise<RunRecord> {
	const { runs } = await afterimageResult<{ runs: RunRecord[] }>(['runs', '--limit', '1']);
	return runs[0]!;
}
