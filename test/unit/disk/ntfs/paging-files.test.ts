import { describe, expect, it } from 'vitest';
import { collect, damage, dirtyOf, pageFile, runs } from './opened-sample.ts';
import { nonResident, reference, resident, type Run } from './sample-records.ts';
import { place, sampleVolume, type SampleFile } from './sample-volume.ts';

const clustersOf = (runs: readonly Run[]) =>
	new Set(runs.flatMap(({ lcn, length }) => (lcn === undefined ? [] : Array.from({ length }, (_, i) => lcn + i))));
const without = (all: ReadonlySet<number>, some: ReadonlySet<number>) =>
	new Set([...all].filter((cluster) => !some.has(cluster)));

describe('paging files', () => {
	it.each([
		['in the root node', undefined],
		['in a node below', ['pagefile.sys']],
	])('are left out when their entry stands %s', async (_, below) => {
		const others = [{ record: 21, name: 'other.sys', runs: [{ lcn: 4000, length: 9 }] }];
		const sample = sampleVolume({ files: [pageFile, ...others], ...(below === undefined ? {} : { below }) });
		const { clusters } = await collect(sample);
		expect(clusters).toEqual(without(sample.used, clustersOf(runs)));
	});

	it('keeps the header of hiberfil.sys, whose rest is left out', async () => {
		const sample = sampleVolume({ files: [{ record: 20, name: 'hiberfil.sys', runs, start: 'wake' }] });
		const { clusters } = await collect(sample);
		const header = clustersOf([{ lcn: place.files + 100, length: 8 }]);
		expect(clusters).toEqual(without(sample.used, without(clustersOf(runs), header)));
	});

	it.each<[string, SampleFile]>([
		['has another name', { ...pageFile, name: 'Pagefile.sys' }],
		['is compressed', { ...pageFile, flags: 1 }],
		['is sparse', { ...pageFile, runs: [...runs, { lcn: undefined, length: 16 }] }],
		['has two names', { ...pageFile, links: 2 }],
		['has a reparse point', { ...pageFile, more: [resident(0xc0, new Uint8Array(16))] }],
		[
			'is a folder',
			{ ...pageFile, shape: { directory: true, attributes: [nonResident(0x80, { runs, clusterSize: 512 })] } },
		],
		['has resident data', { ...pageFile, shape: { attributes: [resident(0x80, new Uint8Array(8))] } }],
		['has the name for DOS alone', { ...pageFile, namespace: 2 }],
	])('are stored when one %s', async (_, file) => {
		const sample = sampleVolume({ files: [file] });
		expect((await collect(sample)).clusters).toEqual(sample.used);
	});

	it('make the volume damaged when they share clusters with each other or with the $MFT', async () => {
		const shared: SampleFile = { record: 21, name: 'swapfile.sys', runs: [{ lcn: place.files + 10, length: 30 }] };
		expect(await damage(collect(sampleVolume({ files: [pageFile, shared] })))).toContain('two runs');
		const onMft: SampleFile = { ...pageFile, runs: [{ lcn: place.mft + 60, length: 2 }] };
		expect(await damage(collect(sampleVolume({ files: [onMft] })))).toContain('two runs');
	});

	it('make the volume dirty when there are two of a name, or the entry is of another folder', async () => {
		const second: SampleFile = { record: 21, name: 'pagefile.sys', runs: [{ lcn: 4000, length: 9 }] };
		expect(await dirtyOf({ files: [pageFile, second] })).toContain('Root directory, pagefile.sys');
		expect(await dirtyOf({ files: [{ ...pageFile, parent: reference(30) }] })).toContain(
			'Root directory, pagefile.sys',
		);
	});

	it('make the volume dirty when their record is free', async () => {
		const shape = { attributes: [], inUse: false };
		expect(await dirtyOf({ files: [{ ...pageFile, shape }] })).toContain('expected in use');
	});
});
