import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Timing } from '../../src/definition/model.ts';
import { writeSchedules } from '../../src/extension/schedule/write-schedules.ts';
import { run } from '../support/run.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { definitionWith, schedule, timings } from '../unit/extension/schedule/sample-schedules.ts';
import { Windows, windowsPath } from './support/wine.ts';

const runtime = 'C:\\Program Files\\Microsoft VS Code\\Code.exe';
const script = 'C:\\Users\\Jörg & Söhne\\afterimage.mjs';
const definition = 'C:\\Users\\Jörg & Söhne\\every <day>.xml';
const events: readonly Timing[] = [
	{ kind: 'event', trigger: 'startup' },
	{ kind: 'event', trigger: 'log_on' },
];
const every = [
	...timings.map(([, timing, start]) => schedule(timing, 'inc', start)),
	...events.map((timing) => schedule(timing, 'full')),
];

async function tasks(electron: boolean): Promise<readonly string[]> {
	const program = { runtime, script, electron };
	const request = { definition: definitionWith(every), path: definition, program, version: '1.0.0', needsRoot: true };
	return (await writeSchedules('windows', tempFolder(), request)).files;
}

test.each([false, true])('tasks of every timing are what Microsoft’s schema has (Electron: %s)', async (electron) => {
	const files = await tasks(electron);
	expect(files).toHaveLength(every.length);
	const schema = join(import.meta.dirname, '../fixtures/task-scheduler.xsd');
	const { stderr } = await run('xmllint', ['--noout', '--schema', schema, ...files]);
	expect(stderr.match(/ validates$/gm)).toHaveLength(files.length);
});

/** Wine's scheduler reads the file, keeps description and settings, and neither triggers nor actions. */
test('schtasks reads them, and keeps what it knows of them', async () => {
	const windows = Windows.forTest();
	const [file] = await tasks(false);
	const name = 'Afterimage test';
	const { code, out } = await windows.run('schtasks', ['/create', '/tn', name, '/xml', windowsPath(file!), '/f']);
	expect([code, out]).toEqual([0, '']);
	const kept = readFileSync(join(windows.driveC, 'windows/system32/tasks', name), 'utf8');
	const given = readFileSync(file!, 'utf16le');
	const description = /<Description>.*<\/Description>/.exec(given)![0];
	expect(description).toContain('“');
	// Wine does not escape what it writes.
	expect(kept).toContain(description.replace('&amp;', '&'));
	const settings = /<Settings>(.*)<\/Settings>/s
		.exec(given)![1]!
		.trim()
		.split(/\s*\r\n\s*/);
	expect(settings).toHaveLength(6);
	for (const setting of settings) expect(kept).toContain(setting);
});
