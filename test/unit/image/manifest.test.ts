import { describe, expect, it } from 'vitest';
import { isAfterimageError } from '../../../src/base/errors.ts';
import { completeManifest, readManifest, writeManifest } from '../../../src/image/manifest.ts';

type Json = Record<string, unknown>;

/** What Macrium writes at the least, as text of the tests' own. */
function small(): Json {
	return {
		_compression: { compression_level: 'medium' },
		_encryption: { enable: false, key_iterations: 0 },
		_header: {
			imageid: '2394E9AA621DDC3A',
			file_number: 0,
			increment_number: 0,
			index_file_position: 4096,
			delta_index: false,
		},
		disks: [
			{
				_geometry: { bytes_per_sector: 512, disk_size: 1048576 },
				_header: { disk_format: 'gpt', disk_number: 4 },
				partitions: [
					{
						_file_system: { lcn0_offset: 65536, start: 65536, type: 'NTFS' },
						_geometry: { start: 65536, end: 131071, length: 65536 },
						_header: { block_size: 65536, partition_number: 1 },
					},
				],
			},
		],
	};
}

function bytesOf(value: unknown): Uint8Array {
	return new TextEncoder().encode(JSON.stringify(value));
}

/** Sets the value at a path such as `disks.0._header.disk_number`; undefined removes it. */
function put(value: Json, path: string, entry: unknown): Json {
	const keys = path.split('.');
	const last = keys.pop()!;
	const parent = keys.reduce((at, key) => at[key] as Json, value);
	if (entry === undefined) delete parent[last];
	else parent[last] = entry;
	return value;
}

function refusal(bytes: Uint8Array): string {
	try {
		readManifest(bytes);
		return 'read';
	} catch (error) {
		return isAfterimageError(error, 'image-damaged') ? error.message : `not ours: ${String(error)}`;
	}
}

it('fills in what Macrium leaves out', () => {
	const manifest = readManifest(bytesOf(small()));
	expect(manifest._header).toMatchObject({ merged_files: [], split_file: false, backup_type: 'full', json_version: 1 });
	expect(manifest._encryption).toMatchObject({ aes_type: 'none', hmac: '', key_derivation: 'pbkdf2' });
	expect(manifest.disks[0]!.partitions[0]!._header).toMatchObject({ block_count: 1, file_history: [] });
	expect(manifest.disks[0]!.partitions[0]!._file_system.reserved_sectors_byte_length).toBe(0);
	expect(manifest._auxiliary_data.backup_definition.disk_space_management.full_retention.period).toBe('count');
});

it('takes a missing delta_index for true, as the reference reader does', () => {
	expect(readManifest(bytesOf(put(small(), '_header.delta_index', undefined)))._header.delta_index).toBe(true);
});

it('computes the length of a partition from its ends where it is not given', () => {
	const manifest = readManifest(bytesOf(put(small(), 'disks.0.partitions.0._geometry.length', undefined)));
	expect(manifest.disks[0]!.partitions[0]!._geometry.length).toBe(65536);
});

it('writes sorted keys, four spaces and a newline, with every property of the schema', () => {
	const text = new TextDecoder().decode(writeManifest(readManifest(bytesOf(small()))));
	expect(text.startsWith('{\n    "_auxiliary_data": {\n        "backup_definition": {\n            "alternative')).toBe(
		true,
	);
	expect(text.endsWith('\n}\n')).toBe(true);
	const header = (JSON.parse(text) as { _header: Json })._header;
	expect(Object.keys(header)).toEqual(Object.keys(header).sort());
	const required = ['delta_index', 'file_number', 'imageid', 'increment_number', 'index_file_position', 'merged_files'];
	for (const key of required) expect(header).toHaveProperty(key);
	const { _encryption } = JSON.parse(text) as { _encryption: Json };
	for (const key of ['aes_type', 'enable', 'key_iterations', 'hmac']) expect(_encryption).toHaveProperty(key);
});

it('keeps what it does not know, and gives the same text when it reads its own', () => {
	const value = put(put(small(), '_header.new_thing', { b: [1, null], a: 'x' }), 'zz', true);
	const once = writeManifest(readManifest(bytesOf(value)));
	expect(new TextDecoder().decode(once)).toContain('"new_thing": {\n            "a": "x"');
	expect(Buffer.compare(writeManifest(readManifest(once)), once)).toBe(0);
});

it('does not let __proto__ in', () => {
	const text = JSON.stringify(small()).replace('{"_comp', '{"__proto__":{"hacked":true},"_comp');
	const manifest = readManifest(new TextEncoder().encode(text)) as unknown as Json;
	expect(manifest.hacked).toBeUndefined();
	expect(Object.getPrototypeOf(manifest)).toBe(Object.prototype);
});

it('does not change what it is given to complete', () => {
	const input = small();
	completeManifest(input as never);
	expect(input).toEqual(small());
});

it('puts up with nonsense where nothing depends on it', () => {
	const value = put(small(), '_auxiliary_data', {
		backup_definition: { rate_limit: 'fast', email: { failure_enable: 3 } },
	});
	const { backup_definition: definition } = readManifest(bytesOf(value))._auxiliary_data;
	expect([definition.rate_limit, definition.email.failure_enable]).toEqual([-1, false]);
});

describe('refuses, naming the place,', () => {
	const encrypted = { enable: true, aes_type: 'aes-256', key_iterations: 600000, hmac: 'ab'.repeat(32) };
	it.each([
		['_header.imageid', '2394E9AA621DDC3', /_header\.imageid: expected 16 hex digits, found "2394E9AA621DDC3"/],
		['_header.file_number', 65536, /_header\.file_number: expected an integer from 0 to 65535, found 65536/],
		['_header.file_number', undefined, /_header\.file_number: expected .*, found nothing/],
		['_header.merged_files', [1, -1], /_header\.merged_files\[1\]: expected/],
		['_header.index_file_position', -4096, /index_file_position/],
		['_header.index_file_position', 2 ** 60, /index_file_position/],
		['_header.split_file', 'no', /split_file: expected true or false/],
		['_compression.compression_level', 'maximum', /compression_level: expected one of none, medium, high/],
		['_encryption.key_iterations', 1e9, /key_iterations/],
		['_encryption', { ...encrypted, hmac: '' }, /_encryption\.hmac/],
		['_encryption', { ...encrypted, key_iterations: 0 }, /key_iterations: expected at least 1/],
		['_encryption', { ...encrypted, aes_type: 'none' }, /aes_type: expected a cipher, found none/],
		['_encryption', { ...encrypted, enable: false }, /aes_type: expected none/],
		['disks', {}, /disks: expected a list/],
		['disks.0._header.disk_format', 'apm', /disks\[0\]\._header\.disk_format/],
		['disks.0.partitions.0._header.block_size', 0, /disks\[0\]\.partitions\[0\]\._header\.block_size/],
		['disks.0.partitions.0._header.block_count', 2, /block_count: expected at most 1, found 2/],
		['disks.0.partitions.0._geometry.start', 2 ** 53 - 100, /2\^53/],
		['disks.0.partitions.0._file_system.lcn0_offset', 65535, /lcn0_offset: expected 65536 to 131072/],
		['disks.0.partitions.0._file_system.lcn0_offset', 131073, /lcn0_offset/],
		['disks.0.partitions.0._file_system.reserved_sectors_byte_length', 65537, /reserved_sectors_byte_length/],
	])('%s = %j', (path, value, message) => {
		expect(refusal(bytesOf(put(small(), path, value)))).toMatch(message);
	});

	it('what is no JSON, no UTF-8, or no object', () => {
		expect(refusal(new TextEncoder().encode('{"a":'))).toMatch(/expected JSON in UTF-8/);
		expect(refusal(Uint8Array.of(0x22, 0xff, 0x22))).toMatch(/expected JSON in UTF-8/);
		expect(refusal(bytesOf([1]))).toMatch(/expected an object, found \[1\]/);
	});

	it('what is nested without end', () => {
		const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
		const text = JSON.stringify(small());
		expect(refusal(new TextEncoder().encode(text.replace('"disks":[', `"disks":[${deep(200000)},`)))).toMatch(
			/disks\[0\]/,
		);
		const unknown = readManifest(new TextEncoder().encode(text.replace('{', `{"deep":${deep(200000)},`)));
		expect(unknown).not.toHaveProperty('deep');
		expect(() => writeManifest(unknown)).not.toThrow();
	});
});
