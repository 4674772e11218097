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
