import type { JobProgress } from '../../protocol/jobs.ts';
import type { ProgressEvent } from '../job-events.ts';

/** Progress of the engine as clients are told it. */
export function jobProgress(event: ProgressEvent): JobProgress {
	return {
		phase: event.phase,
		doneBytes: event.doneBytes,
		totalBytes: event.totalBytes,
		rate: event.rate,
		secondsLeft: event.secondsLeft,
		readBytes: event.read,
		writtenBytes: event.written,
	};
}
