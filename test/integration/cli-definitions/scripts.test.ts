import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImageResult } from '../../../src/engine/requests/image.ts';
import { afterimage, afterimageResult } from '../../support/cli.ts';
import { imageFiles } from '../../support/image-files.ts';
import { definition, lastRun, script } from './scene.ts';

describe('scripts', () => {
	it('run with their arguments around the backup, and stop it when they fail', async () => {
		const made = definition();
		const log = join(made.home, 'log');
		const before = script(made.home, 'before.sh', `printf '<%s>' "$@" >> ${log}; echo "before $AFTERIMAGE_NAME"`);
		const after = script(made.home, 'after.sh', `echo " $AFTERIMAGE_OUTCOME $AFTERIMAGE_FILES" >> ${log}`);
		const scripts = `<scripts><before path="${before}"><argument>a b</argument><argument>$(id)</argument></before><after path="${after}"/></scripts>`;
		const { path, images } = definition(scripts);
		const { image } = await afterimageResult<{ image: ImageResult }>(['backup', path]);
		expect(readFileSync(log, 'utf8')).toBe(`<a b><$(id)> success ${image.files[0]}\n`);
		expect(readFileSync((await lastRun()).logPath!, 'utf8')).toContain('| before Disk');
		script(made.home, 'before.sh', 'echo no >&2; exit 3');
		const failed = await afterimage(['backup', path]);
		expect(failed).toMatchObject({ code: 1, err: expect.stringContaining('ended with exit code 3') as string });
		expect(imageFiles(images)).toHaveLength(1);
		expect(readFileSync(log, 'utf8')).toContain(' failed \n');
	});

	it('are refused when others may write them, their folder or the definition', async () => {
		const made = definition();
		const marker = join(made.home, 'ran');
		const before = script(made.home, 'before.sh', `touch ${marker}`);
		const { path, images, home } = definition(`<scripts><before path="${before}"/></scripts>`);
		const opened: readonly (readonly [string, number, number])[] = [
			[before, 0o775, 0o755],
			[made.home, 0o777, 0o755],
			[path, 0o666, 0o600],
			[home, 0o777, 0o755],
		];
		for (const [what, open, closed] of opened) {
			chmodSync(what, open);
			const { code, err } = await afterimage(['backup', path]);
			expect(code).toBe(2);
			expect(err).toContain(`${what} has mode ${open.toString(8)}`);
			chmodSync(what, closed);
		}
		expect(existsSync(marker)).toBe(false);
		expect(imageFiles(images)).toEqual([]);
		await afterimageResult(['backup', path]);
		expect(existsSync(marker)).toBe(true);
	});
});
