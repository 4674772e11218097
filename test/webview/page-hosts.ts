import type { Page } from 'playwright-core';
import { checkPropertiesMessage, type HostToProperties } from '../../src/protocol/properties-page.ts';
import { checkRestoreMessage } from '../../src/protocol/restore-page-checks.ts';
import type { HostToRestore } from '../../src/protocol/restore-page.ts';
import type { DiskInfo } from '../../src/protocol/disks.ts';
import type { RestoreChoice, RestorePreview } from '../../src/protocol/restore.ts';
import { backupSet, compareInfo, imageInfo, point, restorePreview } from './backup-samples.ts';
import { dataDisk, systemDisk } from './samples.ts';

/** A disk that can be restored to: large enough, and nothing on it is mounted. */
export const spareDisk: DiskInfo = {
	...dataDisk,
	path: '/dev/sdc',
	number: 2,
	model: 'CT500MX500SSD1',
	size: Math.round(465.76 * 1024 ** 3),
	id: '9A0B11C2',
	removable: false,
	partitions: [{ ...dataDisk.partitions[0]!, length: 300 * 1024 ** 3, label: 'Old', mountedAt: [] }],
};

const disks = [systemDisk, dataDisk, spareDisk];

/** What the engine would say of a restore to one of the disks, or to a file that is made. */
function previewOf({ target, partitions, into, grow }: RestoreChoice): RestorePreview {
	const disk = disks.find(({ path }) => path === target);
	const place = into?.kind === 'partition' ? disk!.partitions.find(({ number }) => number === into.number) : undefined;
	const written = restorePreview.partitions
		.filter(({ number }) => partitions?.includes(number) ?? true)
		.map((one) => ({
			...one,
			start: place?.start ?? one.start,
			room: place?.length ?? (one.number === grow ? disk!.size - one.start - 1024 ** 2 : one.length),
		}));
	return {
		...restorePreview,
		target,
		size: disk?.size ?? restorePreview.size,
		created: disk === undefined,
		table: partitions === undefined ? restorePreview.table : undefined,
		partitions: written,
		bytes: written.reduce((sum, { bytes }) => sum + bytes, 0),
		blocks: written.reduce((sum, { blocks }) => sum + blocks, 0),
	};
}

/** The extension's side of the restore page; a run that is started stands at 38 %. */
export function answerRestore(raw: Record<string, unknown>): readonly HostToRestore[] {
	const message = checkRestoreMessage(raw, 'message');
	switch (message.type) {
		case 'ready':
			return [
				{ type: 'set', set: backupSet, file: point.path, trusted: true, timeZone: 'Europe/Berlin' },
				{ type: 'image', file: point.path, info: imageInfo, error: undefined },
			];
		case 'choose-point': {
			const file = backupSet.files.find(({ path }) => path === message.file)!;
			return [{ type: 'image', file: message.file, info: { ...imageInfo, file }, error: undefined }];
		}
		case 'list-disks':
			return [{ type: 'disks', disks, elevated: message.elevated, error: undefined }];
		case 'browse':
			return [{ type: 'browsed', path: '/images/new.img', exists: !message.create }];
		case 'check': {
			return [{ type: 'checked', id: message.id, preview: previewOf(message.choice), error: undefined }];
		}
		case 'start':
			return [
				{
					type: 'progress',
					progress: {
						phase: 'restore',
						doneBytes: 41 * 1024 ** 3,
						totalBytes: 107 * 1024 ** 3,
						rate: 523 * 1024 ** 2,
						secondsLeft: 130,
						readBytes: 41 * 1024 ** 3,
						writtenBytes: 9 * 1024 ** 3,
					},
				},
			];
		default:
			return [];
	}
}

/** Has the restore page restore one partition of the image alone. */
export async function chooseOnly(page: Page, number: number): Promise<void> {
	await page.locator('vscode-checkbox').first().click();
	const boxes = page.locator('td.select vscode-checkbox');
	for (let index = 0; index < imageInfo.disks[0]!.partitions.length; index++) {
		if (index !== number - 1) await boxes.nth(index).click();
	}
}

/** The extension's side of the properties page. */
export function answerProperties(raw: Record<string, unknown>): readonly HostToProperties[] {
	const message = checkPropertiesMessage(raw, 'message');
	if (message.type === 'ready') return [{ type: 'image', info: imageInfo, timeZone: 'Europe/Berlin' }];
	if (message.type === 'compare') return [{ type: 'compared', info: compareInfo, error: undefined }];
	return [];
}
