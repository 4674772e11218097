import assert from 'node:assert/strict';
import * as vscode from 'vscode';

export function activation(): void {
	test('the extension is there and activates', async () => {
		const extension = vscode.extensions.getExtension('afterimage.afterimage');
		assert.ok(extension, 'extension afterimage.afterimage');
		await extension.activate();
		assert.equal(extension.isActive, true);
	});
}
