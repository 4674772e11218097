import { expect, it } from 'vitest';
import { restoreTitle } from '../../../../src/engine/history/summaries.ts';
import { restoreRequest } from '../../../support/job-requests.ts';

it('the title of a restore names the partition that is overwritten', () => {
	const title = (more: object) => restoreTitle(restoreRequest('/b/a.mrimgx', '/dev/sdb', more));
	expect(title({})).toBe('Restore a.mrimgx to /dev/sdb');
	expect(title({ into: { kind: 'volume' } })).toBe('Restore a.mrimgx to /dev/sdb');
	expect(title({ into: { kind: 'partition', number: 3 } })).toBe('Restore a.mrimgx to partition 3 of /dev/sdb');
});
