import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { executed } from '../support/harness.ts';

interface Manifest {
	readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

/** Holds, after all other suites, that they have left no command out. */
export function everyCommand(): void {
	test('every command of the manifest was run by a test', () => {
		const manifest = vscode.extensions.getExtension('afterimage.afterimage')!.packageJSON as Manifest;
		const commands = manifest.contributes.commands.map(({ command }) => command);
		assert.ok(commands.length > 0);
		assert.deepEqual(
			commands.filter((command) => !executed.has(command)),
			[],
		);
	});
}
