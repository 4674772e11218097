import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands, views } from '../../../src/extension/ids.ts';
import { services } from '../support/harness.ts';

export function activation(): void {
	test('the extension activates without starting an engine', async () => {
		const { engines } = await services();
		assert.equal(vscode.extensions.getExtension('afterimage.afterimage')?.isActive, true);
		assert.deepEqual(engines.current, []);
	});

	test('every command of the manifest is registered', async () => {
		await services();
		const registered = new Set(await vscode.commands.getCommands(true));
		assert.deepEqual(
			Object.values(commands).filter((command) => !registered.has(command)),
			[],
		);
	});

	test('every view can be opened', async () => {
		for (const view of Object.values(views)) await vscode.commands.executeCommand(`${view}.focus`);
	});
}
