import { startTestEngine, type RunningEngine } from '../../../support/engine.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

/** An engine with a history of its own. */
export function engine(): Promise<RunningEngine> {
	return startTestEngine({ AFTERIMAGE_DATA: tempFolder() });
}

/** How a process ends: its exit code or signal. */
export function ended(child: RunningEngine['process']): Promise<number | string | null> {
	if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode ?? child.signalCode);
	return new Promise((done) => child.once('exit', (code, signal) => done(code ?? signal)));
}
