import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findDependants } from '../../../../src/engine/jobs/remove.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { makeChain } from '../image-files.ts';

const sizes = (files: readonly string[]) => files.reduce((sum, file) => sum + statSync(file).size, 0);

describe('what goes when backups are deleted', () => {
	const { context } = new FakeMachine();

	it('is each file once, whatever of a chain is named', async () => {
		const { files } = await makeChain();
		const newestFirst = (from: number) => files.slice(from).reverse();
		for (const named of [[2], [3, 2], [2, 3], [2, 2]]) {
			const doomed = newestFirst(2);
			expect(
				await findDependants(
					named.map((i) => files[i]!),
					context,
				),
			).toEqual([{ files: doomed, backups: doomed.length, bytes: sizes(doomed) }]);
		}
		const [whole] = await findDependants([files[3]!, files[0]!], context);
		expect(whole).toEqual({ files: newestFirst(0), backups: files.length, bytes: sizes(files) });
	});

	it('is told for each set of its own', async () => {
		const [one, other] = [await makeChain(), await makeChain()];
		const doomed = await findDependants([one.files[3]!, other.files[2]!, one.files[2]!], context);
		expect(doomed.map(({ files }) => files)).toEqual([one.files.slice(2).reverse(), other.files.slice(2).reverse()]);
	});

	it('is nothing when one of them is not there', async () => {
		const { files } = await makeChain();
		const missing = join(tempFolder(), 'none.mrimgx');
		await expect(findDependants([files[1]!, missing], context)).rejects.toMatchObject({ code: 'source-missing' });
	});
});
