import { describe, expect, it } from 'vitest';
import { afterimage, afterimageResult } from '../../support/cli.ts';
import { imageFiles } from '../../support/image-files.ts';
import { definition } from './scene.ts';

describe('afterimage plan', () => {
	it('tells what will run, what there will be and why things go', async () => {
		const { path, images } = definition(
			`<scheduling><schedule backup_type="full"><weekly days="monday" time="09:00"/></schedule><schedule backup_type="inc"><daily time="12:00"/></schedule></scheduling>
	<disk_space_management><full_retention interval="2"/></disk_space_management>`,
		);
		const { out, code } = await afterimage(['plan', path, '--days', '30', '--full-size', '1G', '--change', '10M']);
		expect(code).toBe(0);
		expect(out).toMatch(/^\w{3} \d{4}-\d\d-\d\d \d\d:\d\d {2}Full {2}SET0001-00 {2}1\.00 GB$/m);
		expect(out).toContain('keep 2 full backups');
		expect(out).toMatch(/After 30 days, \d+ runs/);
		const { days } = await afterimageResult<{ days: { date: string }[] }>(['plan', path]);
		expect(days).toHaveLength(90);
		expect(imageFiles(images)).toEqual([]);
		expect((await afterimage(['plan', definition().path])).out).toContain('No schedule runs in this time');
		expect((await afterimage(['plan', path, '--days', '100000'])).code).toBe(2);
	});
});
