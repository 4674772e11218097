import { linkSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { runMerge } from '../../../../src/engine/jobs/merge.ts';
import { FakeMachine } from '../../../support/fakes/fake-context.ts';
import { imageRequest } from '../../../support/job-requests.ts';
import { tempFolder } from '../../../support/temp-folder.ts';
import { makeChain } from '../image-files.ts';
import { setUp } from './set-up.ts';

it('a merge of one backup that is named twice is refused as such', async () => {
	const { machine, folder } = setUp();
	const { files } = await runBackup(imageRequest(folder, ['/dev/fake']), machine.context);
	const file = files[0]!;
	await expect(runMerge({ files: [file, file], dryRun: false }, machine.context)).rejects.toMatchObject({
		code: 'invalid-argument',
		message: `${file} alone is named: nothing to merge`,
	});
});

describe('files of a merge', () => {
	const { context } = new FakeMachine();

	/** The folder of a chain under another name, beside it. */
	async function linked() {
		const { folder, files } = await makeChain();
		const link = join(tempFolder(), 'link');
		symlinkSync(folder, link);
		return { folder, files, link };
	}

	it('are known by whatever path leads to them', async () => {
		const { files, link } = await linked();
		const others = files.slice(2).map((file) => join(link, basename(file)));
		const { removed } = await runMerge({ files: [files[1]!, ...others], dryRun: true }, context);
		expect(removed).toEqual(files.slice(2));
	});

	it.each([
		[
			'another spelling',
			'alone is named',
			(file: string) => `${dirname(file)}/../${basename(dirname(file))}/${basename(file)}`,
		],
		['a link to the folder', 'are one backup', (file: string, link: string) => join(link, basename(file))],
		[
			'a link elsewhere',
			'are one backup',
			(file: string, link: string) => {
				const path = join(dirname(link), 'newest.mrimgx');
				symlinkSync(file, path);
				return path;
			},
		],
		[
			'a link in the folder',
			'are one backup',
			(file: string) => {
				const path = join(dirname(file), 'newest.mrimgx');
				symlinkSync(file, path);
				return path;
			},
		],
		[
			'another name of the file itself',
			'is a copy of',
			(file: string) => {
				const path = join(dirname(file), 'newest.mrimgx');
				linkSync(file, path);
				return path;
			},
		],
	])('are refused when they are the same under %s', async (_, words, other) => {
		const { files, link } = await linked();
		const [file, again] = [files[3]!, other(files[3]!, link)];
		const merge = (...named: string[]) => runMerge({ files: named, dryRun: false }, context);
		const refusal = { code: 'invalid-argument', message: expect.stringContaining(words) as string };
		await expect(merge(file, again)).rejects.toMatchObject(refusal);
		await expect(merge(again, file)).rejects.toMatchObject({ code: 'invalid-argument' });
	});
});
