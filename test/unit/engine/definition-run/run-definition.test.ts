import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AfterimageError } from '../../../../src/base/errors.ts';
import { runDefinition } from '../../../../src/engine/definition-run/run-definition.ts';
import { runInspect } from '../../../../src/engine/jobs/inspect.ts';
import type { DefinitionRunRequest } from '../../../../src/engine/requests.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { FakeRunPorts } from '../../../support/fakes/fake-run-ports.ts';
import { mountAt } from '../../../support/fakes/fake-volumes.ts';
import { MemoryDisk } from '../../../support/fakes/memory-disk.ts';
import { gptBytes } from '../../../support/fakes/sample-disk.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const mebibyte = 2 ** 20;
const first = { start: mebibyte, length: mebibyte };
const second = { start: 2 * mebibyte, length: mebibyte + 512 };
/** The id of every disk that gptBytes makes. */
const signature = '11111111-2222-4333-8444-555555555555';
const disk = `<disk signature="${signature}" model="Memory"/>`;

interface Parts {
	readonly sources?: string;
	readonly destination?: string;
	readonly more?: string;
}

function setUp({ sources = disk, destination = '', more = '' }: Parts = {}) {
	const source = new MemoryDisk('/dev/fake', gptBytes(4 * mebibyte, [first, second]));
	const machine = new FakeMachine(source);
	const ports = new FakeRunPorts();
	const folder = tempFolder();
	const images = join(folder, 'images');
	mkdirSync(images);
	const definition = join(folder, 'pc.xml');
	const write = (text: Parts) =>
		writeFileSync(
			definition,
			`<backup_definition xmlns="https://afterimage.dev/schema/backup-definition/1">
	<name>My PC</name>
	<sources${text.sources?.startsWith(' ') === true ? text.sources : `>${text.sources ?? disk}</sources>`}
	<destination><folder>${images}</folder>${text.destination ?? ''}</destination>
	${text.more ?? ''}
	<intelligent_sector_copy>false</intelligent_sector_copy>
</backup_definition>`,
		);
	write({ sources, destination, more });
	const run = (request: Partial<DefinitionRunRequest> = {}) =>
		runDefinition(
			{ definition, type: 'auto', password: undefined, interactive: false, ...request },
			machine.context,
			ports,
			'/runs/1.log',
		);
	const said = () => machine.logs.map(({ level, message }) => (level === 'warning' ? `! ${message}` : message));
	return { source, machine, ports, folder, images, definition, write, run, said };
}

describe('running a definition', () => {
	it('finds its disk by the id, images it, and puts the definition into the image', async () => {
		const { machine, images, definition, run } = setUp({ more: '<comment>for people</comment>' });
		const result = await run();
		expect(result).toMatchObject({ definition, name: 'My PC', folder: images, purged: [] });
		expect(result.image).toMatchObject({ backupType: 'full' });
		expect(result.image.partitions.map((one) => one.number)).toEqual([1, 2]);
		const info = await runInspect(result.image.files[0]!, machine.context);
		expect(info.file.comment).toBe('for people');
		expect(info.json).toMatchObject({
			_auxiliary_data: {
				backup_definition: {
					backup_definition_file: definition,
					filename: result.image.files[0],
					afterimage_xml: expect.stringContaining('<name>My PC</name>') as string,
				},
			},
		});
	});

	it('images only the partitions that are named, and stops where one begins elsewhere', async () => {
		const only = (offset: number) =>
			setUp({ sources: `<disk signature="${signature}"><partition number="2" offset="${offset}"/></disk>` });
		const { image } = await only(second.start).run();
		expect(image.partitions.map((one) => one.number)).toEqual([2]);
		await expect(only(first.start).run()).rejects.toMatchObject({
			code: 'source-missing',
			details: { expected: first.start, found: second.start },
		});
		const none = setUp({ sources: `<disk signature="${signature}"><partition number="7" label="Data"/></disk>` });
		await expect(none.run()).rejects.toThrow('Partition 7 (Data) is not on /dev/fake; it has 1, 2');
	});

	it('names a disk that is not connected, and disks that could be it but need rights', async () => {
		const other = { sources: `<disk signature="0A0B0C0D" model="USB Stick"/>` };
		await expect(setUp(other).run()).rejects.toMatchObject({
			code: 'source-missing',
			message: 'Disk 0A0B0C0D (USB Stick) is not connected',
		});
		const { machine, run } = setUp(other);
		machine.disks.openSource = () => Promise.reject(new AfterimageError('permission-denied', 'no rights'));
		const advice = (text: RegExp) => expect.stringMatching(text) as string;
		await expect(run()).rejects.toMatchObject({ code: 'source-missing', advice: advice(/is root already/) });
		machine.elevated = false;
		await expect(run()).rejects.toMatchObject({ code: 'permission-denied', advice: advice(/^Run it as root/) });
	});

	it('refuses to choose between a disk and its copy', async () => {
		const { machine, run } = setUp();
		machine.disks.disks.push(new MemoryDisk('/dev/copy', gptBytes(4 * mebibyte, [first])));
		await expect(run()).rejects.toThrow('/dev/fake and /dev/copy have the same id');
	});

	it('finds the partitions that are required to boot', async () => {
		const { machine, run, said } = setUp({ sources: ' boot_partitions="true"/>' });
		await expect(run()).rejects.toMatchObject({ code: 'source-missing' });
		machine.volumes.uses.set('/dev/fake', [mountAt('/boot', second.start, second.length, { readOnly: true })]);
		const { image } = await run();
		expect(image.partitions.map((one) => one.number)).toEqual([2]);
		expect(said()).toContain('Required to boot: /dev/fake, partition 2');
	});

	it('refuses a definition that is not valid, with file, line and column', async () => {
		const { ports, definition, images, run } = setUp({ more: '<compression_level>extreme</compression_level>' });
		const error = await run().catch((caught: unknown) => caught as Error & { code: string });
		expect(error).toMatchObject({ code: 'invalid-definition' });
		expect((error as Error).message).toMatch(new RegExp(`^${definition}:5:\\d+: error schema-[a-z-]+: `));
		expect(readdirSync(images)).toEqual([]);
		expect(ports.log).toEqual([]);
		writeFileSync(definition, Buffer.from([0x3c, 0x61, 0xff, 0x3e]));
		await expect(run()).rejects.toMatchObject({ code: 'invalid-definition' });
		await expect(run({ definition: '/nowhere.xml' })).rejects.toMatchObject({ code: 'source-missing' });
	});

	it('makes the type that is asked for, else that of the definition, else what fits', async () => {
		const { run, write, said } = setUp();
		expect((await run()).image.backupType).toBe('full');
		expect((await run()).image.backupType).toBe('inc');
		expect((await run({ type: 'diff' })).image.backupType).toBe('diff');
		write({ more: '<backup_type>full</backup_type>' });
		expect((await run()).image.backupType).toBe('full');
		expect((await run({ type: 'inc' })).image.backupType).toBe('inc');
		expect(said().join()).toContain('no set with exactly these partitions: a full is made');
	});
});

describe('destination of a definition', () => {
	const alternatives = (...folders: string[]) =>
		`<alternative_locations>${folders.map((one) => `<folder>${one}</folder>`).join('')}</alternative_locations>`;

	it('is the first location that can be used, and the log says why others were passed over', async () => {
		const there = tempFolder();
		const { write, run, said, images } = setUp();
		write({ destination: alternatives('/nowhere/one', there) });
		expect((await run()).folder).toBe(images);
		rmSync(images, { recursive: true });
		expect((await run()).folder).toBe(there);
		const log = said().slice(-8).join('\n');
		expect(log).toContain(`${images}: no such file or directory: the next location is tried`);
		expect(log).toContain('/nowhere/one: no such file or directory');
		expect(log).toContain(`Destination: ${there}, alternative location 2`);
		write({ destination: alternatives('/nowhere/one') });
		await expect(run()).rejects.toMatchObject({ code: 'destination-missing' });
	});

	it('is never on a partition that is imaged', async () => {
		const { machine, run, images } = setUp();
		machine.volumes.place = {
			...machine.volumes.place,
			on: [{ disk: '/dev/fake', start: second.start + 512, length: 512 }],
		};
		await expect(run()).rejects.toThrow(`${images} lies on partition 2 of /dev/fake, which is imaged`);
		expect(readdirSync(images)).toEqual([]);
	});

	it('gives files a name of their own, and another one where that is taken', async () => {
		const template = '<filename_template>{DEFNAME} {BACKUPTYPE}</filename_template>';
		const { images, run, write } = setUp({ destination: template });
		const { image } = await run();
		expect(readdirSync(images)).toEqual([`${image.imageId}-My PC full-00-00.mrimgx`]);
		write({ destination: `${template}<prefix_unique>false</prefix_unique>` });
		for (let i = 0; i < 3; i++) await run({ type: 'full' });
		await run({ type: 'inc' });
		expect(readdirSync(images).slice(1)).toEqual([
			'My PC full-00-00.mrimgx',
			'My PC full_2-00-00.mrimgx',
			'My PC full_3-00-00.mrimgx',
			'My PC incremental-01-01.mrimgx',
		]);
	});
});

describe('retention rules of a definition', () => {
	const keep = (rules: string, attributes = '') =>
		`<disk_space_management ${attributes}>${rules}</disk_space_management>`;

	it('are applied after the backup to sets of the same partitions alone', async () => {
		const { images, run, write, machine } = setUp({
			sources: `<disk signature="${signature}"><partition number="1"/></disk>`,
		});
		const other = (await run()).image.files[0]!;
		const rules = keep('<full_retention interval="1"/>');
		write({ more: rules });
		const sets: string[] = [];
		for (let i = 0; i < 3; i++) {
			machine.clock.advance(60_000);
			const { image, purged } = await run({ type: 'full' });
			sets.push(image.files[0]!);
			expect(purged.map((step) => step.files)).toEqual(i === 0 ? [] : [[sets[i - 1]]]);
		}
		expect(readdirSync(images).sort()).toEqual([basename(other), basename(sets[2]!)].sort());
		write({ more: keep('<full_retention interval="1"/>', 'apply_to_all_sets_in_folder="true"') });
		machine.clock.advance(60_000);
		await run({ type: 'full' });
		expect(readdirSync(images)).toHaveLength(1);
	});

	it('are applied before the backup when it says so, which then counts', async () => {
		const { images, run, machine } = setUp({ more: keep('<full_retention interval="1"/>', 'run_before="true"') });
		await run({ type: 'full' });
		machine.clock.advance(60_000);
		const { purged } = await run({ type: 'full' });
		expect(purged).toHaveLength(1);
		expect(readdirSync(images)).toHaveLength(1);
	});

	it('that are applied before count the full that is to come where no set can be continued', async () => {
		const { images, run, write, machine } = setUp({
			sources: `<disk signature="${signature}"><partition number="1"/></disk>`,
		});
		const other = (await run()).image.files[0]!;
		machine.clock.advance(60_000);
		const all = 'run_before="true" apply_to_all_sets_in_folder="true"';
		write({ more: keep('<full_retention interval="1"/>', all) });
		const { purged, image } = await run({ type: 'auto' });
		expect(purged.map((step) => step.files)).toEqual([[other]]);
		expect(image.backupType).toBe('full');
		expect(readdirSync(images)).toHaveLength(1);
		machine.clock.advance(60_000);
		expect(await run({ type: 'auto' })).toMatchObject({ purged: [], image: { backupType: 'inc' } });
	});

	it('that fail are a warning, for the backup is there', async () => {
		const { images, run, machine, said } = setUp({ more: keep('<full_retention interval="1"/>') });
		await run({ type: 'full' });
		machine.clock.advance(60_000);
		let scans = 0;
		machine.volumes.placeOf = async () => {
			if (++scans > 2) throw new Error('the drive has gone');
			return machine.volumes.place;
		};
		await run({ type: 'full' });
		expect(readdirSync(images)).toHaveLength(2);
		expect(said().at(-1)).toBe('! The retention rules could not be applied: the drive has gone');
	});
});

describe('scripts of a definition', () => {
	const scripts = (text: string) => ({ more: `<scripts>${text}</scripts>` });

	it('run before and after, with what they should know and nothing secret', async () => {
		const { ports, run, images, definition } = setUp(
			scripts(
				'<before path="/s/before"><argument>a b</argument><argument>$(id)</argument></before><after path="/s/after"/>',
			),
		);
		ports.env = { HOME: '/home/ada', SECRET: 's3cret', LD_PRELOAD: '/evil.so', PATH: '/evil' };
		const { image } = await run();
		expect(ports.log).toEqual(['awake', 'run /s/before a b $(id)', 'may sleep', 'run /s/after']);
		const [before, after] = ports.requests;
		expect(before).toMatchObject({ args: ['a b', '$(id)'], timeLimit: 600 });
		expect(before!.env).toMatchObject({
			HOME: '/home/ada',
			PATH: expect.stringMatching(/^\/usr\/local\/sbin:/) as string,
			AFTERIMAGE_DEFINITION: definition,
			AFTERIMAGE_NAME: 'My PC',
			AFTERIMAGE_TYPE: 'auto',
		});
		expect(Object.keys(before!.env)).not.toContain('SECRET');
		expect(Object.keys(before!.env)).not.toContain('LD_PRELOAD');
		expect(after!.env).toMatchObject({
			AFTERIMAGE_OUTCOME: 'success',
			AFTERIMAGE_FILES: image.files[0],
			AFTERIMAGE_FOLDER: images,
			AFTERIMAGE_LOG: '/runs/1.log',
		});
	});

	it('stop the run, warn or are passed over when they fail, as the definition has it', async () => {
		const failing = (onFailure: string) => {
			const all = setUp(
				scripts(
					`<before path="/s/bad" on_failure="${onFailure}" time_limit="5"/><after path="/s/always"/><after path="/s/good" run_on="success"/><after path="/s/sad" run_on="failure"/>`,
				),
			);
			all.ports.ends.set('/s/bad', { kind: 'time-limit' });
			return all;
		};
		const stop = failing('stop');
		await expect(stop.run()).rejects.toThrow('The script /s/bad took longer than 5 s and was ended');
		expect(readdirSync(stop.images)).toEqual([]);
		expect(stop.ports.log.slice(3)).toEqual(['run /s/always', 'run /s/sad']);
		expect(stop.ports.requests[1]!.env['AFTERIMAGE_OUTCOME']).toBe('failed');

		const warn = failing('warn');
		await warn.run();
		expect(warn.said()).toContain('! The script /s/bad took longer than 5 s and was ended');
		expect(warn.ports.log.slice(3)).toEqual(['run /s/always', 'run /s/good']);
		expect(warn.ports.requests[1]!.env['AFTERIMAGE_OUTCOME']).toBe('warning');

		const ignore = failing('ignore');
		await ignore.run();
		expect(ignore.said()).toContain('The script /s/bad took longer than 5 s and was ended');
		expect(ignore.ports.requests[1]!.env['AFTERIMAGE_OUTCOME']).toBe('success');
	});

	it('after the backup can make the run fail, though its image stays', async () => {
		const { ports, run, images } = setUp(scripts('<after path="/s/bad" on_failure="stop"/><after path="/s/next"/>'));
		ports.ends.set('/s/bad', { kind: 'exit', code: 3 });
		await expect(run()).rejects.toThrow('The script /s/bad ended with exit code 3');
		expect(readdirSync(images)).toHaveLength(1);
		expect(ports.log.at(-1)).toBe('run /s/next');
	});

	it('are refused when others may write them or the definition, and nothing is run', async () => {
		for (const path of ['/s/after', 'definition']) {
			for (const elevated of [true, false]) {
				const { machine, ports, run, images, definition } = setUp(
					scripts('<before path="/s/before"/><after path="/s/after"/>'),
				);
				machine.elevated = elevated;
				ports.open.set(path === 'definition' ? definition : path, 'mode 666');
				await expect(run()).rejects.toMatchObject({
					code: 'permission-denied',
					message: expect.stringContaining('mode 666') as string,
				});
				expect(ports.log).toEqual([]);
				expect(readdirSync(images)).toEqual([]);
			}
		}
	});

	it('do not have to be there for a definition of others to be refused with administrator rights', async () => {
		const { machine, ports, run, definition } = setUp();
		ports.open.set(definition, 'mode 666');
		await expect(run()).rejects.toMatchObject({ code: 'permission-denied' });
		machine.elevated = false;
		expect((await run()).image.backupType).toBe('full');
	});
});

describe('password of a definition', () => {
	const encrypted = (attributes: string) => ({ more: `<encryption aes_type="aes-128" ${attributes}/>` });

	it('comes from the variable, the file or the one who asks, and never stands in a log', async () => {
		const variable = setUp(encrypted('password_source="environment" password_name="PW"'));
		await expect(variable.run()).rejects.toMatchObject({ code: 'password-needed' });
		variable.ports.env = { PW: 'from the variable' };
		const { image } = await variable.run();
		expect((await runInspect(image.files[0]!, variable.machine.context)).encryption).toBe('aes-128');

		const file = join(tempFolder(), 'password');
		writeFileSync(file, 'from the file\r\nmore\n');
		const filed = setUp(encrypted(`password_source="file" password_name="${file}"`));
		await filed.run();
		filed.ports.readable.set(file, 'mode 644');
		await expect(filed.run()).rejects.toMatchObject({ code: 'permission-denied' });
		await filed.run({ password: 'from the file' });
		await expect(filed.run({ password: 'another one' })).rejects.toMatchObject({ code: 'wrong-password' });

		const asked = setUp(encrypted(''));
		await expect(asked.run()).rejects.toMatchObject({ code: 'password-needed' });
		await asked.run({ password: 'typed in' });
		for (const { said } of [variable, filed, asked]) expect(said().join('\n')).not.toMatch(/from the|typed in|another/);
	});

	it('that is not needed encrypts nothing', async () => {
		const { machine, run } = setUp();
		const { image } = await run({ password: 'typed in' });
		expect((await runInspect(image.files[0]!, machine.context)).encryption).toBe('none');
	});
});

describe('mail of a definition', () => {
	const email = `<email sender="pc@example.com">
		<success recipients="a@example.com; b@example.com" attach_log="true"/>
		<warning recipients="w@example.com" subject="{DEFNAME} on {COMPUTERNAME}"><content>See {IMAGEID}</content></warning>
		<failure recipients="f@example.com"/>
	</email>`;

	it('tells of a success', async () => {
		const { ports, run } = setUp({ more: email });
		const { image } = await run();
		expect(ports.mails).toEqual([
			{
				server: undefined,
				sender: 'pc@example.com',
				recipients: ['a@example.com', 'b@example.com'],
				subject: 'machine.example: My PC: Success',
				text: expect.stringContaining(image.files[0]!) as string,
				attachment: '/runs/1.log',
			},
		]);
	});

	it('tells of warnings in the words of the definition', async () => {
		const { ports, source, run } = setUp({ more: email });
		ports.ends.set('/s', { kind: 'exit', code: 1 });
		const { image } = await run({ type: 'inc' });
		expect(source.openCount).toBe(0);
		expect(ports.mails).toMatchObject([
			{
				recipients: ['w@example.com'],
				subject: 'My PC on machine.example',
				text: `See ${image.imageId}`,
				attachment: undefined,
			},
		]);
	});

	it('tells of a failure, of a skipped run, and of a cancelled one only when that is wanted', async () => {
		const failed = setUp({ more: email });
		failed.source.bad.add(first.start + 100);
		await expect(failed.run()).rejects.toThrow();
		expect(failed.ports.mails).toMatchObject([
			{
				recipients: ['f@example.com'],
				subject: 'machine.example: My PC: Failure',
				text: expect.stringContaining('cannot be read') as string,
			},
		]);

		const skipped = setUp({ more: email });
		writeFileSync(
			join(skipped.images, '.afterimage.lock'),
			JSON.stringify({ ...skipped.machine.processes.self(), host: 'other', since: 'now', task: 'image' }),
		);
		await expect(skipped.run()).rejects.toMatchObject({ code: 'busy' });
		expect(skipped.ports.mails).toHaveLength(1);
		skipped.write({ more: email.replace('<failure ', '<failure include_skipped="false" ') });
		await expect(skipped.run()).rejects.toMatchObject({ code: 'busy' });
		expect(skipped.ports.mails).toHaveLength(1);

		for (const [attribute, mails] of [
			['', 0],
			['include_cancelled="true" ', 1],
		] as const) {
			const cancelled = setUp({ more: email.replace('<failure ', `<failure ${attribute}`) });
			cancelled.machine.onBatch = () => cancelled.machine.controller.abort();
			await expect(cancelled.run()).rejects.toMatchObject({ code: 'cancelled' });
			expect(cancelled.ports.mails).toHaveLength(mails);
		}
	});

	it('is not sent about a password that somebody is asked for', async () => {
		const { ports, run } = setUp({ more: `${email}<encryption aes_type="aes-256"/>` });
		await expect(run({ interactive: true })).rejects.toMatchObject({ code: 'password-needed' });
		expect(ports.mails).toEqual([]);
		await expect(run()).rejects.toMatchObject({ code: 'password-needed' });
		expect(ports.mails).toHaveLength(1);
	});

	it('that cannot be sent is a warning of the run', async () => {
		const { ports, run, said } = setUp({ more: email });
		ports.mailFailure = 'refused by the server';
		await run();
		expect(said().at(-1)).toBe('! No mail was sent: refused by the server');
	});
});

describe('power and pace of a definition', () => {
	it('keeps the computer awake while it runs, and shuts it down after a success alone', async () => {
		const more = '<post_backup_shutdown enable="true" level="suspend" force="true"/>';
		const good = setUp({ more });
		await good.run();
		expect(good.ports.log).toEqual(['awake', 'may sleep', 'power suspend force']);
		const bad = setUp({ more });
		bad.source.bad.add(first.start);
		await expect(bad.run()).rejects.toThrow();
		expect(bad.ports.log).toEqual(['awake', 'may sleep']);
		const off = setUp({
			more: '<post_backup_shutdown enable="false" level="shutdown"/><power_saving>true</power_saving>',
		});
		await off.run();
		expect(off.ports.log).toEqual([]);
		const broken = setUp({ more });
		broken.ports.powerFailure = 'no systemd';
		await broken.run();
		expect(broken.said().at(-1)).toBe('! no systemd');
	});

	it('writes no faster than the rate limit', async () => {
		const { ports, run } = setUp({ more: '<rate_limit>100</rate_limit><compression_level>none</compression_level>' });
		await run();
		const slept = ports.log.filter((entry) => entry.startsWith('sleep')).map((entry) => Number(entry.slice(6)));
		// About 2 MB at 100 KB a second, by a clock that stands still.
		expect(Math.max(...slept)).toBeGreaterThan(5_000);
		expect(Math.max(...slept)).toBeLessThan(25_000);
	});

	it('asks for the priority of its threads', async () => {
		const asked: unknown[] = [];
		for (const level of ['idle', 'normal']) {
			const { machine, run, definition, ports } = setUp({ more: `<cpu_priority>${level}</cpu_priority>` });
			const context = machine.context;
			const { createPool } = context;
			const watched = { ...context, createPool: (options?: object) => (asked.push(options), createPool()) };
			await runDefinition(
				{ definition, type: 'auto', password: undefined, interactive: false },
				watched,
				ports,
				undefined,
			);
			expect(run).toBeDefined();
		}
		if (process.platform === 'linux') expect(asked).toEqual([{ priority: 19 }, undefined]);
	});

	it('has the file systems checked when it says so', async () => {
		const { ports, run, said } = setUp({ more: '<check_filesystem>true</check_filesystem>' });
		await run();
		expect(said().join('\n')).toContain('Partition 1 of /dev/fake (unknown) was not checked');
		expect(ports.requests).toEqual([]);
	});
});

describe('the image of a definition', () => {
	it('carries the whole definition, though never a password', async () => {
		const { machine, run } = setUp({ more: '<encryption aes_type="aes-256"/>' });
		const { image } = await run({ password: 'typed in' });
		const { json } = await runInspect(image.files[0]!, machine.context);
		expect(json).toMatchObject({
			_auxiliary_data: {
				backup_definition: { afterimage_xml: expect.stringContaining('aes_type="aes-256"') as string },
			},
		});
		expect(JSON.stringify(json)).not.toContain('typed in');
	});
});
