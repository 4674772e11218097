import { describe, expect, it } from 'vitest';
import { english } from '../../../../src/base/l10n.ts';
import { defaultDefinition } from '../../../../src/definition/defaults.ts';
import { describeSpaceManagement, describeTiming } from '../../../../src/definition/plan/describe.ts';
import { nextRuns } from '../../../../src/definition/plan/next-runs.ts';
import { applyTemplate, detectTemplate, planTemplates } from '../../../../src/definition/plan/templates.ts';
import { readDefinition } from '../../../../src/definition/read.ts';
import { checkSchema } from '../../../../src/definition/schema/check.ts';
import { definitionSchema } from '../../../../src/definition/schema/definition-schema.ts';
import { definitionTree } from '../../../../src/definition/tree.ts';
import { parseXml } from '../../../../src/definition/xml/parse.ts';
import { writeDocument } from '../../../../src/definition/xml/write.ts';

const base = defaultDefinition();
const named = { ...base, name: 'x', destination: { ...base.destination, folder: '/b' } };

describe('plan templates', () => {
	it.each(planTemplates.map(({ id }) => id))('%s is valid, and recognized after a trip through XML', (id) => {
		const document = parseXml(writeDocument(definitionTree(applyTemplate(named, id))));
		expect(checkSchema(document, definitionSchema())).toEqual([]);
		const read = readDefinition(document).definition;
		expect(detectTemplate(read)).toBe(id);
		const edited = { ...read, diskSpaceManagement: { ...read.diskSpaceManagement, runBefore: true } };
		expect(detectTemplate(edited)).toBeUndefined();
	});

	it('are those of the vendor, in its order', () => {
		expect(planTemplates.map(({ title }) => title(english))).toEqual([
			'None',
			'Grandfather, Father, Son',
			'Differential Backup Set',
			'Incremental Backup Set',
			'Incrementals Forever',
			'Intra-Daily Backup Set',
		]);
	});

	it('run one full on the first Monday, a differential on other Mondays, and an incremental else', () => {
		const runs = nextRuns(applyTemplate(named, 'grandfather'), Date.parse('2026-01-04T12:00Z'), 8, 'UTC');
		expect(runs.map(({ backupType }) => backupType).join(' ')).toBe('full inc inc inc inc inc diff inc');
	});

	it('say what they do in words', () => {
		const intradaily = applyTemplate(named, 'intradaily');
		expect(intradaily.scheduling.schedules.map((schedule) => describeTiming(schedule, english))).toEqual([
			'First Monday of the month at 09:00',
			'Every day at 09:00',
			'Every 15 minutes from 09:00 to 17:00, Monday to Friday',
		]);
		expect(describeSpaceManagement(applyTemplate(named, 'none'), english)).toEqual([
			'Rules will be applied to all matching backup sets in the destination folder',
			'Full: Retain 12 full images',
			'  Linked incremental and differential images will also be deleted',
			'Differential: Retain 4 differential images',
			'  Linked incremental images will also be deleted',
			'Incremental: Retain 10 incremental images',
			'  The oldest incremental images may be consolidated',
			'Purge will be run after the image.',
			'Free space threshold: Delete oldest backup sets when free space is less than 5.00 GB',
		]);
	});
});
