import { AfterimageError } from '../../base/errors.ts';
import type { SnapshotPort } from './snapshot-port.ts';

/** For systems of which this program has no way to make shadow copies. */
export const noSnapshots: SnapshotPort = {
	name: 'shadow copies',
	technology: '',
	atOnce: false,
	objectionTo: async () => 'this system makes none',
	create: () => Promise.reject(new AfterimageError('not-supported', 'This system makes no shadow copies')),
	lock: undefined,
};
