import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runListSets } from '../../../../src/engine/jobs/list-sets.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { makeChain } from '../image-files.ts';

const { context } = new FakeMachine();

it.each([0, 1, 2])(
	'file %i of a set that is missing is told once, by its name wherever the set was made',
	async (gone) => {
		const { folder, files } = await makeChain();
		rmSync(files[gone]!);
		const { sets } = await runListSets(folder, context);
		const lacking = `0123456789ABCDEF-0${gone}-0${gone}.mrimgx is missing`;
		expect(sets[0]!.damage).toEqual([lacking]);
		expect(sets[0]!.files.map((file) => file.damage)).toEqual(
			[0, 1, 2, 3].filter((number) => number !== gone).map((number) => (number > gone ? lacking : undefined)),
		);
	},
);

it('what a file alone holds is told beside its size', async () => {
	const { folder } = await makeChain();
	const { files } = (await runListSets(folder, context)).sets[0]!;
	// Three blocks of 4096 bytes, of which the first changes.
	expect(files.map((file) => file.uniqueBytes)).toEqual([3 * 4096, 4096, 4096, 4096]);
	expect(files.every((file) => file.size > file.uniqueBytes)).toBe(true);
});
