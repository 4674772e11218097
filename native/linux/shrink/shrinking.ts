import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { AfterimageError } from '../../../src/base/errors.ts';
import type { ShrinkKind, ShrinkPort } from '../../../src/engine/ports/shrink-port.ts';
import { environment } from '../programs.ts';
import { confirmExt, examineExt, shrinkExt } from './ext.ts';
import { confirmNtfs, examineNtfs, shrinkNtfs } from './ntfs.ts';

const needs: Readonly<Record<ShrinkKind, { readonly tools: readonly string[]; readonly from: string }>> = {
	ext: { tools: ['e2fsck', 'dumpe2fs', 'resize2fs'], from: 'e2fsprogs' },
	ntfs: { tools: ['ntfsresize'], from: 'ntfs-3g (or ntfsprogs)' },
};

const ways = {
	ext: { examine: examineExt, shrink: shrinkExt, confirm: confirmExt },
	ntfs: { examine: examineNtfs, shrink: shrinkNtfs, confirm: confirmNtfs },
};

/** The tools of e2fsprogs and ntfs-3g. */
export const linuxShrinking: ShrinkPort = {
	async expectTools(kind) {
		const { tools, from } = needs[kind];
		const missing = tools.find((tool) => !isInstalled(tool));
		if (missing === undefined) return;
		throw new AfterimageError('not-supported', `${missing}, which makes the file system smaller, is not installed`, {
			advice: `Install the package ${from}.`,
			details: { tool: missing },
		});
	},
	examine: (kind, fd, signal) => ways[kind].examine(fd, signal),
	shrink: (kind, fd, bytes, signal) => ways[kind].shrink(fd, bytes, signal),
	confirm: (kind, fd, signal) => ways[kind].confirm(fd, signal),
};

function isInstalled(name: string): boolean {
	return (environment['PATH'] ?? '').split(delimiter).some((folder) => {
		try {
			accessSync(join(folder, name), constants.X_OK);
			return folder !== '';
		} catch {
			return false;
		}
	});
}
