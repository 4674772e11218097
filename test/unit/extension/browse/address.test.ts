import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backupAddress, nameOf, parseAddress, placeAddress } from '../../../../src/extension/browse/address.ts';

const place = { disk: 0, partition: 2, path: 'etc/fstab' };

describe('addresses of files in backups', () => {
	it('name the image, the partition and the path in it', () => {
		const image = '/backups/A-00-00.mrimgx';
		const address = placeAddress({ image, ...place }, false);
		expect(address).toEqual({ authority: '', path: '/backups/A-00-00.mrimgx!/0-2/etc/fstab' });
		expect(parseAddress(address, false)).toEqual({ kind: 'place', place: { image, ...place } });
		expect(placeAddress({ image, ...place, path: '' }, false).path).toBe(`${image}!/0-2`);
	});

	it.each([
		['C:\\Backups\\A-00-00.mrimgx', '', '/C:/Backups/A-00-00.mrimgx!/0-2/etc/fstab'],
		['\\\\nas\\share\\A-00-00.mrimgx', 'nas', '/share/A-00-00.mrimgx!/0-2/etc/fstab'],
	])('take the path %s of Windows', (image, authority, path) => {
		const address = placeAddress({ image, ...place }, true);
		expect(address).toEqual({ authority, path });
		expect(parseAddress(address, true)).toEqual({ kind: 'place', place: { image, ...place } });
	});

	it('lead to the partitions with or without a slash at the end', () => {
		const backup = { kind: 'backup', image: '/b/A.mrimgx' };
		expect(parseAddress(backupAddress('/b/A.mrimgx', false), false)).toEqual(backup);
		expect(parseAddress({ authority: '', path: '/b/A.mrimgx!' }, false)).toEqual(backup);
	});

	it('end the image at the first .mrimgx!, however it is written', () => {
		const path = '/b/A.MRIMGX!/1-3/old/B.mrimgx!/0-1/x';
		const image = '/b/A.MRIMGX';
		const inner = { image, disk: 1, partition: 3, path: 'old/B.mrimgx!/0-1/x' };
		expect(parseAddress({ authority: '', path }, false)).toEqual({ kind: 'place', place: inner });
	});

	it.each(['/', '/b', '/b/A.mrimgx', '/b/A.mrimgx/0-1', '/b/A.mrimgx!/etc', '/b/A.mrimgx!/0-1x/a', '/b/A.img!/0-1'])(
		'are not %s',
		(path) => {
			expect(parseAddress({ authority: '', path }, false)).toBeUndefined();
		},
	);

	it('come back as they were, whatever a file is called', () => {
		const name = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !text.includes('/'));
		fc.assert(
			fc.property(fc.array(name), fc.nat(65535), fc.nat(65535), (names, disk, partition) => {
				const made = { image: '/b/a ä#?.mrimgx', disk, partition, path: names.join('/') };
				expect(parseAddress(placeAddress(made, false), false)).toEqual({ kind: 'place', place: made });
			}),
		);
	});

	it('give the last name of a path', () => {
		expect([nameOf('etc/fstab'), nameOf(''), nameOf('/a/')]).toEqual(['fstab', '', 'a']);
	});
});
