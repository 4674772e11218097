import { describe, expect, it } from 'vitest';
import { checkFormMessage } from '../../../src/protocol/definition-form-checks.ts';
import { checkPropertiesMessage } from '../../../src/protocol/properties-page.ts';
import { checkRestoreMessage } from '../../../src/protocol/restore-page-checks.ts';
import { english } from '../../../src/base/l10n.ts';
import { definitionFileName, folderObjection } from '../../../src/protocol/save-rules.ts';

describe('messages of the form', () => {
	it('are taken when they are whole', () => {
		const edit = { type: 'edit', id: 1, version: 3, edits: [{ start: 0, end: 2, text: 'x' }] };
		expect(checkFormMessage(edit, 'message')).toEqual(edit);
		const finish = { type: 'finish', runNow: true, save: { name: 'a', folder: '/b' } };
		expect(checkFormMessage(finish, 'message')).toEqual(finish);
		expect(checkFormMessage({ type: 'finish', runNow: false }, 'message')).toMatchObject({ save: undefined });
	});

	it.each([
		[{ type: 'edit', id: 1, version: 3, edits: [{ start: -1, end: 2, text: 'x' }] }, 'edits[0].start'],
		[{ type: 'edit', id: 1, version: 3, edits: [{ start: 0, end: 2 }] }, 'edits[0].text'],
		[{ type: 'edit', id: 1, version: '3', edits: [] }, 'version'],
		[{ type: 'browse', purpose: 'system', index: 0, current: '' }, 'purpose'],
		[{ type: 'run', command: 'format' }, 'type'],
		[{ type: 'ready', more: 1 }, 'more'],
		['ready', 'type'],
	])('are refused by the field that is wrong: %j', (message, field) => {
		expect(() => checkFormMessage(message, 'message')).toThrow(field);
	});
});

describe('messages of the restore page', () => {
	const request = {
		kind: 'restore',
		file: '/a.mrimgx',
		target: '/dev/sdb',
		disk: 0,
		delta: true,
		verify: true,
		newDiskId: false,
		skipBadBlocks: false,
		confirmed: '/dev/sdb',
		confirmedDisk: { model: 'Disk', serial: '7', size: 2 ** 40 },
	};

	it('are taken when they are whole', () => {
		expect(checkRestoreMessage({ type: 'start', request }, 'message')).toEqual({ type: 'start', request });
		expect(checkRestoreMessage({ type: 'start', request: { ...request, partitions: [1, 4] } }, 'm')).toBeDefined();
		const { confirmed: typed, ...fresh } = request;
		expect(typed).toBe(fresh.target);
		expect(checkRestoreMessage({ type: 'start', request: fresh }, 'm')).toEqual({ type: 'start', request: fresh });
		const elsewhere = { ...request, partitions: [1], into: { kind: 'partition', number: 3 } };
		expect(checkRestoreMessage({ type: 'start', request: elsewhere }, 'm')).toEqual({
			type: 'start',
			request: elsewhere,
		});
		const grown = { ...request, into: { kind: 'volume' }, grow: 2, shrink: [2, 5] };
		expect(checkRestoreMessage({ type: 'start', request: grown }, 'm')).toEqual({ type: 'start', request: grown });
	});

	it('tell what was chosen before a reload', () => {
		expect(checkRestoreMessage({ type: 'ready' }, 'm')).toEqual({ type: 'ready' });
		const chosen = { type: 'ready', file: '/a.mrimgx', target: '/dev/sdb' };
		expect(checkRestoreMessage(chosen, 'm')).toEqual(chosen);
		expect(() => checkRestoreMessage({ ...chosen, target: 3 }, 'm')).toThrow('target');
	});

	it('never start another kind of job', () => {
		expect(() => checkRestoreMessage({ type: 'start', request: { ...request, kind: 'delete' } }, 'm')).toThrow('kind');
		expect(() => checkRestoreMessage({ type: 'start', request: { ...request, partitions: ['1'] } }, 'm')).toThrow(
			'partitions[0]',
		);
	});

	it.each([
		[{ into: { kind: 'folder' } }, 'into.kind'],
		[{ into: { kind: 'partition' } }, 'into.number'],
		[{ into: { kind: 'partition', number: 1.5 } }, 'into.number'],
		[{ into: { kind: 'volume', number: 1 } }, 'into.number'],
		[{ into: 3 }, 'into.kind'],
		[{ grow: '2' }, 'grow'],
		[{ shrink: [2, -1] }, 'shrink[1]'],
	])('name the place of a partition by its number, or as the volume: %j', (more, field) => {
		expect(() => checkRestoreMessage({ type: 'start', request: { ...request, ...more } }, 'm')).toThrow(field);
	});
});

describe('messages of the properties page', () => {
	it('are known by their type', () => {
		expect(checkPropertiesMessage({ type: 'compare' }, 'm')).toEqual({ type: 'compare' });
		expect(() => checkPropertiesMessage({ type: 'delete' }, 'm')).toThrow('type');
	});
});

describe('the place of a definition', () => {
	it('is a local folder that images are not written to', () => {
		expect(folderObjection('/home/ada/definitions', ['/mnt/backups'], english)).toBeUndefined();
		expect(folderObjection(' ', [], english)).toBe('Choose a folder.');
		expect(folderObjection('\\\\server\\share', [], english)).toContain('network share');
		expect(folderObjection('//server/share', [], english)).toContain('network share');
		expect(folderObjection('/mnt/backups', ['/mnt/backups/'], english)).toContain('destination folder');
		expect(folderObjection('e:/macrium backup', ['E:\\Macrium Backup\\'], english)).toContain('destination folder');
		expect(folderObjection('/MNT/backups', ['/mnt/backups'], english)).toBeUndefined();
	});

	it('gets a file name that every system takes', () => {
		expect(definitionFileName('System disk')).toBe('System disk.xml');
		expect(definitionFileName('a/b:c?.xml')).toBe('a_b_c_.xml');
		expect(definitionFileName('..')).toBe('Backup.xml');
		expect(definitionFileName('  ')).toBe('Backup.xml');
		expect(definitionFileName('x'.repeat(300))).toHaveLength(124);
	});
});
