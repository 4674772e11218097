import { describe, expect, it } from 'vitest';
import { dirtyOf, openSample, pageFile, runs } from './opened-sample.ts';
import { restartPage, unprotect } from './sample-records.ts';
import { place, sampleVolume, type SampleShape } from './sample-volume.ts';

function chkdskPage(clean: boolean): Uint8Array {
	const page = restartPage({ lsn: 3, clean });
	unprotect(page);
	page.set(Buffer.from('CHKD'));
	page.fill(0, 4, 8);
	return page;
}

describe('reasons to be dirty', () => {
	const clean = restartPage({ lsn: 10, clean: true });
	it.each<[string, SampleShape, string]>([
		['the dirty flag', { volumeFlags: 1 }, 'marked dirty'],
		['a check under way', { volumeFlags: 0x4000 }, 'has not finished'],
		['an open log', { log: [restartPage({ lsn: 5, clean: false }), clean.slice().fill(0)] }, 'must be replayed'],
		['an open log in the newer page', { log: [clean, restartPage({ lsn: 11, clean: false })] }, 'must be replayed'],
		['an open log that chkdsk changed', { log: [chkdskPage(false)] }, 'must be replayed'],
		['a log of version 2.0', { log: [restartPage({ lsn: 9, clean: true, major: 2 })] }, 'keeps metadata'],
		['a log without restart pages', { log: [new Uint8Array(4096)] }, 'no readable restart page'],
		['a hibernated Windows', { files: [{ record: 20, name: 'hiberfil.sys', runs, start: 'hibr' }] }, 'hibernated'],
		['one in capitals', { files: [{ record: 20, name: 'hiberfil.sys', runs, start: 'HIBR' }] }, 'hibernated'],
	])('%s', async (_, shape, reason) => {
		expect(await dirtyOf(shape)).toContain(reason);
	});

	it.each<[string, SampleShape]>([
		['a log closed cleanly', { log: [clean, restartPage({ lsn: 9, clean: false })] }],
		[
			'pages of 16 KiB',
			{
				log: [
					restartPage({ lsn: 1, clean: false, pageSize: 16384 }),
					restartPage({ lsn: 2, clean: true, pageSize: 16384 }),
				],
			},
		],
		['a log that chkdsk left without update sequence', { log: [chkdskPage(true), chkdskPage(true)] }],
		['a resumed Windows', { files: [{ record: 20, name: 'hiberfil.sys', runs, start: 'wake' }] }],
		['other flags', { volumeFlags: 0x8000 }],
	])('not %s', async (_, shape) => {
		expect(await dirtyOf(shape)).toBeUndefined();
	});

	it('a mirror that differs from the $MFT, or lies elsewhere', async () => {
		const sample = sampleVolume();
		sample.edit(3, (record) => record.setUint16(0x12, 2, true));
		expect((await openSample(sample)).info.dirty).toContain('differs from the $MFT in record 3');
		const moved = sampleVolume();
		new DataView(moved.image.buffer).setUint32(0x38, place.mirror + 1, true);
		expect((await openSample(moved)).info.dirty).toContain('different places');
	});

	it.each([
		['by its flag', [0, 0, 2, 0], undefined],
		['by having no client', [0xff, 0xff, 0, 0], undefined],
		['by neither', [0, 0, 0, 0], 'must be replayed'],
	])('a log is closed %s', async (_, clientsAndFlags, reason) => {
		const page = restartPage({ lsn: 4, clean: false });
		page.set(clientsAndFlags, 0x30 + 0x0c);
		const dirty = await dirtyOf({ log: [page] });
		if (reason === undefined) expect(dirty).toBeUndefined();
		else expect(dirty).toContain(reason);
	});

	it('an index block with another number, or an entry longer than its node', async () => {
		const node = place.root * 512;
		const numbered = sampleVolume({ files: [pageFile], below: ['pagefile.sys'] });
		numbered.image[node + 0x10] = 8;
		expect((await openSample(numbered)).info.dirty).toContain('its own VCN');
		const longer = sampleVolume({ files: [pageFile], below: ['pagefile.sys'] });
		const first = node + 0x18 + longer.image[node + 0x18]!;
		longer.image[first + 9] = 2;
		expect((await openSample(longer)).info.dirty).toContain('Index entry, length');
	});

	it('leaves log and mirror of a snapshot alone, and nothing else', async () => {
		const log = [restartPage({ lsn: 5, clean: false })];
		expect(await dirtyOf({ log }, { frozen: true })).toBeUndefined();
		expect(await dirtyOf({ log, volumeFlags: 1 }, { frozen: true })).toContain('marked dirty');
	});
});
