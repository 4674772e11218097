import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { Engines } from '../../../src/extension/engine/engines.ts';
import { MeetingMemory } from '../../../src/extension/engine/meeting-memory.ts';
import { JobsModel } from '../../../src/extension/runs/jobs-model.ts';
import type { Services } from '../../../src/extension/services.ts';
import { story, until } from '../support/harness.ts';
import { makeDefinition, makeDisk } from '../support/samples.ts';

/** What outlives a window: its state and its secrets. */
function memoryOf({ context }: Services): vscode.ExtensionContext {
	const state = new Map<string, unknown>();
	const secrets = new Map<string, string>();
	return {
		extensionPath: context.extensionPath,
		workspaceState: {
			get: (key: string) => state.get(key),
			update: async (key: string, value: unknown) => void state.set(key, value),
		},
		secrets: {
			get: async (key: string) => secrets.get(key),
			store: async (key: string, value: string) => void secrets.set(key, value),
			delete: async (key: string) => void secrets.delete(key),
		},
	} as unknown as vscode.ExtensionContext;
}

export function reload(): void {
	story('a run goes on while the window reloads, and the new window finds it', async (parts, _, folder) => {
		const { output, ui } = parts;
		const memory = memoryOf(parts);
		const disk = makeDisk(folder, 'slow.img', true);
		const path = makeDefinition(folder, disk, join(folder, 'backups'), '\n\t<rate_limit>500</rate_limit>');

		const before = new Engines(memory, output, ui);
		const engine = await before.get('user');
		const { pid } = await engine.request('engine/info', {});
		const job = await engine.request('jobs/start', { request: { kind: 'backup', definition: path, type: 'full' } });
		before.dispose();

		const after = new Engines(memory, output, ui);
		const jobs = new JobsModel(after);
		try {
			const found: string[] = [];
			jobs.onFound(({ id }) => found.push(id));
			await after.reattach();
			const again = await after.get('user');
			assert.equal((await again.request('engine/info', {})).pid, pid, 'the same process');
			await until('the job', () => (found.includes(job.id) ? true : undefined));
			await until('its progress', () => jobs.get(job.id)?.progress);
			await jobs.cancel(job.id);
			assert.equal((await jobs.whenEnded(job.id)).result?.outcome, 'cancelled');
		} finally {
			await (await after.get('user')).request('engine/shutdown', {});
			jobs.dispose();
			after.dispose();
		}
	});

	story('a window that closes while its engine starts leaves no meeting place', async (parts, _, folder) => {
		const runtime = process.env['XDG_RUNTIME_DIR'];
		process.env['XDG_RUNTIME_DIR'] = folder;
		try {
			const engines = new Engines(memoryOf(parts), parts.output, parts.ui);
			const starting = engines.get('user');
			await until('a meeting place', () => readdirSync(folder, { recursive: true }).length > 1 || undefined);
			engines.dispose();
			assert.deepEqual(readdirSync(folder), []);
			await assert.rejects(starting, /Cancelled/);

			const others = new Engines(memoryOf(parts), parts.output, parts.ui);
			const engine = await others.get('user');
			others.dispose();
			await engine.ended;
			assert.deepEqual(readdirSync(folder), []);
		} finally {
			if (runtime === undefined) delete process.env['XDG_RUNTIME_DIR'];
			else process.env['XDG_RUNTIME_DIR'] = runtime;
		}
	});

	story('in a browser the token lies in a private file, as long as the engine lives', async (parts, _, folder) => {
		const storageUri = vscode.Uri.file(join(folder, 'storage'));
		const file = join(folder, 'storage/engine.json');
		const memory = { ...memoryOf(parts), storageUri };
		const engines = new Engines(memory, parts.output, parts.ui);
		const engine = await engines.get('user');
		assert.equal(vscode.env.uiKind, vscode.UIKind.Web);
		assert.equal(statSync(file).mode & 0o777, 0o600);
		const kept = readFileSync(file);
		await engine.request('engine/shutdown', {});
		await until('its end', () => (existsSync(file) ? undefined : true));
		engines.dispose();

		// What others may have put there, or a link to it, is no engine of ours.
		const other = join(folder, 'other.json');
		for (const plant of [
			() => (writeFileSync(file, kept), chmodSync(file, 0o644)),
			() => (writeFileSync(other, kept, { mode: 0o600 }), symlinkSync(other, file)),
		]) {
			plant();
			const taken = await new MeetingMemory(memory).take('user');
			assert.equal(taken, undefined);
			assert.equal(existsSync(file), false);
		}
		writeFileSync(file, kept, { mode: 0o600 });
		assert.deepEqual(await new MeetingMemory(memory).take('user'), JSON.parse(kept.toString()));
	});

	story('a window that finds no engine of the one before starts its own when one is needed', async (parts) => {
		const { output, ui } = parts;
		const memory = memoryOf(parts);
		const before = new Engines(memory, output, ui);
		const engine = await before.get('user');
		const { pid } = await engine.request('engine/info', {});
		before.dispose();
		process.kill(pid, 'SIGKILL');

		const after = new Engines(memory, output, ui);
		try {
			void after.reattach();
			const info = await (await after.get('user')).request('engine/info', {});
			assert.notEqual(info.pid, pid);
		} finally {
			await (await after.get('user')).request('engine/shutdown', {});
			after.dispose();
		}
	});
}
