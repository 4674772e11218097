import type { JobProgress } from '../../protocol/jobs.ts';
import type { JobPhase, ProgressEvent } from '../job-events.ts';

const phaseNames: Readonly<Record<JobPhase, string>> = {
	image: 'Imaging',
	check: 'Checking',
	verify: 'Verifying',
	restore: 'Restoring',
	zero: 'Zeroing free space',
	'read-back': 'Reading back',
	merge: 'Merging',
	extract: 'Extracting',
	'name-files': 'Naming damaged files',
	'file-systems': 'Checking file systems',
};

/** Progress of the engine as clients are told it. */
export function jobProgress(event: ProgressEvent): JobProgress {
	return {
		phase: phaseNames[event.phase],
		doneBytes: event.doneBytes,
		totalBytes: event.totalBytes,
		rate: event.rate,
		secondsLeft: event.secondsLeft,
		readBytes: event.read,
		writtenBytes: event.written,
	};
}
