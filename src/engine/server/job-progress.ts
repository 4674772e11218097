import type { JobProgress } from '../../protocol/jobs.ts';
import { phaseNames, type ProgressEvent } from '../job-events.ts';

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
