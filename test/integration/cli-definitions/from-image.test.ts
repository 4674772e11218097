import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../src/engine/requests/image.ts';
import { afterimage, afterimageResult } from '../../support/cli.ts';
import { run } from '../../support/run.ts';
import { definition } from './scene.ts';

describe('afterimage definition from-image', () => {
	it('gives back the definition that made the image', async () => {
		const made = definition('<compression_level>high</compression_level><auto_verify>true</auto_verify>');
		const { image } = await afterimageResult<{ image: ImageResult }>(['backup', made.path]);
		const to = join(made.home, 'again.xml');
		await afterimageResult(['definition', 'from-image', image.files[0]!, '--to', to]);
		expect(statSync(to).mode & 0o777).toBe(0o600);
		const canonical = async (path: string) =>
			(await run('sh', ['-c', `xmllint --noblanks --c14n "$1"`, 'sh', path])).stdout.toString();
		expect(await canonical(to)).toBe(await canonical(made.path));
		const { out } = await afterimage(['definition', 'from-image', image.files[0]!]);
		expect(out).toBe(readFileSync(to, 'utf8'));
		const taken = await afterimage(['definition', 'from-image', image.files[0]!, '--to', to]);
		expect(taken).toMatchObject({ code: 2, err: expect.stringContaining('is there already') as string });
		expect((await afterimage(['definition', 'into-image', 'x'])).code).toBe(2);
	});
});
