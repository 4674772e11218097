import { describe, expect, it } from 'vitest';
import { defaultDefinition } from '../../../../src/definition/defaults.ts';
import type { ParameterContext } from '../../../../src/definition/parameters.ts';
import {
	destinationProblems,
	judgeDestination,
	moved,
	partitionUnder,
	samplePath,
	spaceText,
	usesImageId,
} from '../../../../webview/definition/model/destination.ts';
import { sourceRows } from '../../../../webview/definition/model/sources.ts';
import { dataDisk, destinationFacts, systemDisk } from '../../../webview/samples.ts';

const blank = defaultDefinition();
const folder = destinationFacts.folder;
const context: ParameterContext = {
	imageId: '{IMAGEID}',
	time: Date.parse('2026-11-25T08:00:00Z'),
	zone: 'Europe/Berlin',
	computerName: 'LAPTOP',
	userName: 'Ada',
	backupType: 'full',
	disks: [1],
	volumes: ['C:'],
	version: '0.1.0',
};

function selecting(signature: string) {
	const sources = {
		bootPartitions: false,
		disks: [{ signature, number: undefined, model: undefined, partitions: [] }],
		rawFiles: [],
	};
	return sourceRows(sources, [systemDisk, dataDisk]);
}

describe('a destination', () => {
	it('is refused on a selected partition', () => {
		expect(partitionUnder(destinationFacts, selecting(dataDisk.id))?.title).toBe('1 - Backup (E:)');
		expect(partitionUnder(destinationFacts, selecting(systemDisk.id))).toBeUndefined();
		const problems = destinationProblems(
			{ ...blank.destination, folder, alternativeLocations: { folders: ['/elsewhere'] } },
			new Map([[folder, destinationFacts]]),
			selecting(dataDisk.id),
		);
		expect(problems).toMatchObject([{ severity: 'error', section: 'destination' }]);
		expect(problems[0]!.message).toContain('“1 - Backup (E:)”');
	});

	it('warns of little space, and of a folder that is not there or may not be written', () => {
		const texts = (part: Partial<typeof destinationFacts>, needed = 0) =>
			judgeDestination({ ...destinationFacts, ...part }, needed).map(({ text }) => text);
		expect(texts({})).toEqual([]);
		expect(texts({ exists: false, free: undefined })).toEqual([expect.stringContaining('is not there')]);
		expect(texts({ folder: 'backups', exists: false, free: undefined })).toEqual([]);
		expect(texts({ writable: false })).toEqual([expect.stringContaining('may not write')]);
		expect(texts({ free: 1024 ** 3 }, 2 * 1024 ** 3)).toEqual([expect.stringContaining('1.00 GB are free')]);
	});

	it('says how much room it has', () => {
		expect(spaceText(destinationFacts)).toBe('412.00 GB free of 600.00 GB');
		expect(spaceText({ ...destinationFacts, network: true })).toBe('Network share · 412.00 GB free of 600.00 GB');
		expect(spaceText({ ...destinationFacts, network: true, free: undefined })).toBe('Network share');
	});
});

describe('the sample of the file name', () => {
	const at = (place: string | undefined, filenameTemplate = '', prefixUnique = true) =>
		samplePath(
			{
				...blank,
				name: 'System',
				destination: { ...blank.destination, folder: place, filenameTemplate, prefixUnique },
			},
			context,
		);

	it('stands as the wizard has it', () => {
		expect(at('E:\\Macrium Backup\\')).toBe('E:\\Macrium Backup\\{IMAGEID}-00-00.mrimgx');
		expect(at('E:\\Macrium Backup')).toBe('E:\\Macrium Backup\\{IMAGEID}-00-00.mrimgx');
		expect(at('E:')).toBe('E:\\{IMAGEID}-00-00.mrimgx');
		expect(at('/mnt/backups')).toBe('/mnt/backups/{IMAGEID}-00-00.mrimgx');
		expect(at(undefined)).toBe('{IMAGEID}-00-00.mrimgx');
	});

	it('has the parameters in their place', () => {
		expect(at('/b', '{COMPUTERNAME} {DATE}')).toBe('/b/{IMAGEID}-LAPTOP 2026-11-25-00-00.mrimgx');
		expect(at('/b', '{DEFNAME}', false)).toBe('/b/System-00-00.mrimgx');
	});

	it('knows when the image id alone names the files', () => {
		expect(usesImageId(blank.destination)).toBe(true);
		expect(usesImageId({ ...blank.destination, filenameTemplate: 'a' })).toBe(false);
		expect(usesImageId({ ...blank.destination, prefixUnique: false })).toBe(false);
	});
});

describe('the order of locations', () => {
	it('moves one up or down, and no further than the ends', () => {
		const list = ['a', 'b', 'c'];
		expect(moved(list, 1, -1)).toEqual(['b', 'a', 'c']);
		expect(moved(list, 1, 1)).toEqual(['a', 'c', 'b']);
		expect(moved(list, 0, -1)).toBe(list);
		expect(moved(list, 2, 1)).toBe(list);
	});
});
