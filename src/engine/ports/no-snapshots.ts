import { AfterimageError } from '../../base/errors.ts';
import type { SnapshotPort } from '../ports.ts';

/** For systems on which volumes are frozen instead, or not at all. */
export const noSnapshots: SnapshotPort = {
	available: false,
	objectionTo: async () => 'this system makes no shadow copies',
	create: () => Promise.reject(new AfterimageError('not-supported', 'This system makes no shadow copies')),
	lock: () => Promise.reject(new AfterimageError('not-supported', 'This system does not lock volumes')),
};
