import { expect, it } from 'vitest';
import { runBackup } from '../../../../src/engine/jobs/backup.ts';
import { runMerge } from '../../../../src/engine/jobs/merge.ts';
import { imageRequest } from '../../../support/job-requests.ts';
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
