import { expect, it } from 'vitest';
import { BusyFolder } from '../../../../src/engine/extract/busy-folder.ts';
import { FactSetter } from '../../../../src/engine/extract/fact-setter.ts';
import { openTarget } from '../../../../src/engine/extract/target-folder.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

async function busy() {
	const setter = new FactSetter({ owners: false, attributes: undefined, isRoot: false });
	const target = await openTarget(tempFolder(), setter);
	const log: string[] = [];
	const folder = new BusyFolder(target, async () => {
		log.push('end');
		await target.close();
	});
	return { folder, log };
}

const soon = () => new Promise((turn) => setImmediate(turn));

it('a folder ends when the last has let go of it', async () => {
	const { folder, log } = await busy();
	const release = await folder.claim('file');
	folder.release();
	await soon();
	expect(log).toEqual([]);
	release();
	await folder.ended;
	expect(log).toEqual(['end']);
});

it('a file waits for one whose name some file system takes for the same, and for no other', async () => {
	const { folder, log } = await busy();
	const first = await folder.claim('Stra\u00dfe \u00e9');
	const other = await folder.claim('other');
	const second = folder.claim('STRA\u00dfE E\u0301').then((release) => {
		log.push('claimed');
		return release;
	});
	await soon();
	expect(log).toEqual([]);
	first();
	other();
	(await second)();
	expect(log).toEqual(['claimed']);
	folder.release();
	await folder.ended;
});
