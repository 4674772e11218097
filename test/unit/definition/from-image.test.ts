import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultDefinition } from '../../../src/definition/defaults.ts';
import { fromImageDefinition } from '../../../src/definition/from-image.ts';
import { toImageDefinition } from '../../../src/definition/image-definition.ts';
import { checkSchema } from '../../../src/definition/schema/check.ts';
import { definitionSchema } from '../../../src/definition/schema/definition-schema.ts';
import { definitionTree } from '../../../src/definition/tree.ts';
import { parseXml } from '../../../src/definition/xml/parse.ts';
import { writeDocument } from '../../../src/definition/xml/write.ts';
import { definition } from './arbitrary.ts';

const run = {
	filename: 'B:\\vx\\D684BA87241263E2-demo-00-00.mrimgx',
	definitionFile: '',
	disks: [{ number: 7, partitions: [1, 2], signature: '12345678' }],
};

/** The members of a definition as Macrium writes them into an image, with values that are not the defaults. */
const macrium = {
	auto_verify: true,
	backup_definition_file: 'C:\\Users\\me\\Documents\\Reflect\\My backup.xml',
	backup_format: 'partition',
	comment: 'before the move',
	compression_level: 'high',
	consolidation_type: 'none',
	cpu_priority: 'idle',
	disk_space_management: {
		apply_to_all_sets_in_folder: true,
		differential_retention: { enable: true, interval: 4, period: 'weeks' },
		full_retention: { enable: true, interval: 13, period: 'count' },
		incremental_retention: { enable: false, interval: 10, period: 'days' },
		incrementals_forever: true,
		low_space_gb_threshold: 7,
		low_space_purge: true,
		run_before: true,
	},
	disks: [{ number: 4, partitions: [1, 3], signature: '5D4001D3-7B31-4300-BED8-48C82AF9DE24' }],
	email: { failure_enable: true, failure_recipients: 'a@b.c', failure_include_skipped: true, success_recipients: '' },
	filename: 'B:\\vx\\D684BA87241263E2-demo-00-00.mrimg',
	filename_template: 'demo',
	intelligent_sector_copy: false,
	limit_file_size: true,
	file_size_limit: 4_294_967_296,
	post_backup_shutdown: { enable: true, level: 'hibernate' },
	prefix_unique: true,
	rate_limit: 20_000,
};

describe('the definition in an image', () => {
	it('says all that the definition says, both ways', () => {
		fc.assert(
			fc.property(definition, (one) => {
				const json: unknown = JSON.parse(JSON.stringify(toImageDefinition(one, run)));
				expect(fromImageDefinition(json, 'x')).toEqual(one);
			}),
			{ numRuns: 150 },
		);
	});

	it('of Macrium becomes a valid definition', () => {
		const read = fromImageDefinition(macrium, 'x');
		expect(read).toMatchObject({
			name: 'My backup',
			comment: 'before the move',
			sources: {
				disks: [{ signature: '5D4001D3-7B31-4300-BED8-48C82AF9DE24', partitions: [{ number: 1 }, { number: 3 }] }],
			},
			destination: { folder: 'B:\\vx', filenameTemplate: 'demo', prefixUnique: true },
			compressionLevel: 'high',
			fileSizeLimit: 4 * 2 ** 30,
			intelligentSectorCopy: false,
			cpuPriority: 'idle',
			rateLimit: 20_000,
			postBackupShutdown: { enable: true, level: 'hibernate', force: false },
			diskSpaceManagement: {
				applyToAllSetsInFolder: true,
				incrementalsForever: true,
				lowSpaceGbThreshold: 7,
				fullRetention: { enable: true, interval: 13, period: 'count' },
				incrementalRetention: { enable: false, interval: 10, period: 'days' },
			},
			email: { success: undefined, failure: { enable: true, recipients: 'a@b.c' } },
		});
		const document = parseXml(writeDocument(definitionTree(read)));
		expect(checkSchema(document, definitionSchema())).toEqual([]);
		expect(toImageDefinition(read, run)).toMatchObject({
			disks: macrium.disks,
			disk_space_management: macrium.disk_space_management,
			filename_template: 'demo',
			limit_file_size: true,
		});
	});

	it('writes months as weeks, never fewer days, and an MBR signature as a GUID', () => {
		const base = defaultDefinition();
		const json = toImageDefinition(
			{
				...base,
				sources: { ...base.sources, disks: [{ signature: '5D4001D3', number: 1, model: undefined, partitions: [] }] },
				diskSpaceManagement: {
					...base.diskSpaceManagement,
					fullRetention: { enable: true, interval: 6, period: 'months' },
					incrementalRetention: { enable: true, interval: 1, period: 'months' },
				},
			},
			run,
		);
		expect(json.disk_space_management.full_retention).toEqual({ enable: true, interval: 26, period: 'weeks' });
		expect(json.disk_space_management.incremental_retention.interval).toBe(5);
		expect(json.disks[0]!.signature).toBe('5D4001D3-0000-0000-0000-000000000000');
		expect(fromImageDefinition({ ...json, afterimage_xml: undefined }, 'x').sources.disks[0]!.signature).toBe(
			'5D4001D3',
		);
	});

	it('publishes the disks of the run where it names none by their ids', () => {
		const base = defaultDefinition();
		const disks = [{ number: 7, partitions: [1, 2], signature: '12345678-0000-0000-0000-000000000000' }];
		const rawFiles = [{ path: '/d.img', partitions: [] }];
		expect(toImageDefinition({ ...base, sources: { ...base.sources, rawFiles } }, run).disks).toEqual(disks);
		expect(toImageDefinition({ ...base, sources: { ...base.sources, bootPartitions: true } }, run).disks).toEqual(
			disks,
		);
		expect(toImageDefinition(base, run).disks).toEqual([]);
	});

	it('follows the published members where they differ from our own', () => {
		const json = { ...toImageDefinition(defaultDefinition(), run), compression_level: 'none', comment: 'new' };
		expect(fromImageDefinition(json, 'x')).toMatchObject({ compressionLevel: 'none', comment: 'new' });
	});

	it('keeps months where the published rules differ in something else', () => {
		const empty = defaultDefinition();
		const base = { ...empty, name: 'x', destination: { ...empty.destination, folder: '/b' } };
		const fullRetention = { enable: true, interval: 6, period: 'months' as const };
		const json = toImageDefinition(
			{ ...base, diskSpaceManagement: { ...base.diskSpaceManagement, fullRetention } },
			run,
		);
		json.disk_space_management.low_space_gb_threshold = 9;
		expect(fromImageDefinition(json, 'x').diskSpaceManagement).toMatchObject({ fullRetention, lowSpaceGbThreshold: 9 });
	});

	it.each([
		null,
		7,
		[],
		{ disks: 7, email: [], disk_space_management: 'x', comment: {}, alternative_locations: [1, 'a', null] },
		{ disks: [null, { signature: 'x' }, { signature: '5D4001D3', partitions: [-1, 'a', 2] }] },
		{ afterimage_xml: '<!DOCTYPE a><a/>' },
		{ afterimage_xml: '<backup_definition/>' },
		{ disk_space_management: { full_retention: { interval: 99_999, period: 'years', enable: 'yes' } } },
	])('of whatever kind gives a definition of the right types: %j', (json) => {
		const read = fromImageDefinition(json, 'fallback');
		expect(read.name).toBe('fallback');
		const whole = { ...read, destination: { ...read.destination, folder: '/b' } };
		expect(checkSchema(parseXml(writeDocument(definitionTree(whole))), definitionSchema())).toEqual([]);
	});
});
