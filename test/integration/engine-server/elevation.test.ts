import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobResult, RunRecord } from '../../../src/protocol/jobs.ts';
import { definitionText } from '../../support/definition-text.ts';
import { engineEntry } from '../../support/engine.ts';
import { privateMachine, type PrivateMachine } from '../../support/private-machine.ts';
import { ext4From, makeRawDisk } from '../../support/raw-disk.ts';
import { run } from '../../support/run.ts';

interface Findings {
	readonly uid: number;
	readonly refusal: string;
	readonly asked: readonly string[];
	readonly elevated: readonly boolean[];
	readonly exposed: readonly string[];
	readonly needsRights: readonly boolean[];
	readonly backup: JobResult;
	readonly runs: readonly RunRecord[];
	readonly log: { uid: number; gid: number; mode: number };
}

let folder: string;
let machine: PrivateMachine;
let disk: string;
let definition: string;
let images: string;
const client = resolve(import.meta.dirname, 'elevated-client.ts');

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'afterimage-elevation-'));
	machine = await privateMachine(folder, process.execPath);
	const content = join(folder, 'content');
	mkdirSync(content);
	writeFileSync(join(content, 'file'), 'content');
	// A disk that only root may read, as devices are.
	disk = join(folder, 'disk.img');
	await makeRawDisk(disk, 'gpt', 32, [{ start: 1, size: 16, type: 'L', make: ext4From(content) }]);
	chmodSync(disk, 0o600);
	images = join(folder, 'images');
	mkdirSync(images, { mode: 0o700 });
	definition = join(machine.home, 'disk.xml');
	writeFileSync(definition, definitionText({ sources: `<raw_file path="${disk}"/>`, folder: images }), { mode: 0o600 });
	await run('chown', [`${machine.uid}:${machine.uid}`, definition]);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function windowOf(method: string): Promise<Findings> {
	const node = [process.execPath, '--disable-warning=ExperimentalWarning', client];
	return JSON.parse(await machine.as([...node, method, engineEntry, disk, definition, machine.password])) as Findings;
}

describe.each(['sudo', 'pkexec'])('engine with administrator rights by %s', (method) => {
	let found: Findings;

	beforeAll(async () => {
		found = await windowOf(method);
	});

	it('is started for a user without rights, and has them', () => {
		expect(found.uid).toBe(machine.uid);
		expect(found.elevated).toEqual([true, false]);
		expect(found.needsRights).toEqual([true, false]);
		if (method === 'sudo') {
			expect(found.refusal).toBe('permission-denied');
			expect(found.asked).toEqual([`Afterimage needs the password of ${machine.user}:`]);
		}
	});

	it('shows its token to nobody', () => {
		expect(found.exposed).toEqual([]);
	});

	it('runs a definition of that user, whose own engine then lists the run and may read its log', () => {
		expect(found.backup).toMatchObject({ outcome: 'success', files: [expect.stringContaining(images) as string] });
		const listed = found.runs.find((one) => one.logPath === found.backup.logPath);
		expect(listed).toMatchObject({ kind: 'backup', outcome: 'success', definition });
		expect(found.backup.logPath).toContain(join(machine.home, '.local/share/afterimage/runs/'));
		expect(found.log).toEqual({ uid: machine.uid, gid: machine.uid, mode: 0o600 });
	});
});
