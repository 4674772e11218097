import { basename } from 'node:path';
import { AfterimageError, toErrorRecord } from '../../base/errors.ts';
import type { DiskInfo } from '../../protocol/disks.ts';
import { protocolVersion } from '../../protocol/engine.ts';
import type { Engine, JobControl } from '../engine.ts';
import type { OpenPath } from '../../protocol/rights.ts';
import { engineVersion } from '../version.ts';
import type { JobRegistry } from './job-registry.ts';
import type { EngineService } from './service.ts';
import { jobRun, jobTitle, restoreRequest } from './start-job.ts';

interface Rights {
	openPaths(path: string): readonly OpenPath[];
	restrict(path: string): void;
}

export interface ServiceParts {
	/** Its jobs leave a log. */
	readonly engine: Engine;
	readonly jobs: JobRegistry;
	readonly elevated: boolean;
	/** What compresses in this process. */
	readonly codecName: () => string;
	/** Who may write what; undefined where a client can tell by itself. */
	readonly rights: Rights | undefined;
	/** Ends the process once the answer is out. */
	readonly shutDown: () => void;
}

/** The answers of an engine process, each by the engine's own jobs. */
export function engineService(parts: ServiceParts): EngineService {
	const { engine, jobs } = parts;
	return {
		'engine/info': async () => ({
			version: engineVersion,
			protocol: protocolVersion,
			pid: process.pid,
			elevated: parts.elevated,
			codec: parts.codecName(),
		}),
		'disks/list': ({ files }, signal) => listDisks(files, engine, quiet(signal)),
		'folder/list': ({ folder }, signal) => engine.sets(folder, quiet(signal)),
		'image/inspect': ({ file }, signal) => engine.inspect(file, quiet(signal)),
		'image/compare': ({ file }, signal) => engine.compare(file, quiet(signal)),
		'image/dependants': ({ files }, signal) => engine.dependants(files, quiet(signal)),
		'image/partitions': ({ image, password }, signal) => engine.partitions({ image, password }, quiet(signal)),
		'files/list': ({ place, password }, signal) => engine.listFiles({ place, password }, quiet(signal)),
		'files/stat': ({ place, password }, signal) => engine.statFile({ place, password }, quiet(signal)),
		'files/read': ({ password, ...piece }, signal) => engine.readFile({ ...piece, password }, quiet(signal)),
		'merge/plan': async ({ files }, signal) => {
			const { file, movedBytes, freedBytes } = await engine.merge({ files, dryRun: true }, quiet(signal));
			return { resultName: basename(file), movedBytes, freedBytes };
		},
		'restore/preview': ({ choice, password }, signal) =>
			engine.previewRestore(restoreRequest(choice, password), quiet(signal)),
		'rights/open': async ({ path }) => rightsOf(parts).openPaths(path),
		'rights/restrict': async ({ paths }) => {
			for (const path of paths) rightsOf(parts).restrict(path);
			return null;
		},
		'jobs/start': async (start) => jobs.start(start.request, jobTitle(start.request), jobRun(start, engine)),
		'jobs/list': async () => jobs.list(),
		'jobs/cancel': async ({ id }) => {
			jobs.cancel(id);
			return null;
		},
		'runs/running': () => engine.running(),
		'runs/list': ({ limit }) => engine.runs(limit),
		'definitions/due': ({ definitions }) => engine.due(definitions),
		'engine/shutdown': async () => {
			parts.shutDown();
			return null;
		},
	};
}

function rightsOf({ rights }: ServiceParts): Rights {
	if (rights !== undefined) return rights;
	throw new AfterimageError('not-supported', 'Rights of files are told by node:fs on this system');
}

/** Answers that are no jobs tell nothing while they are worked out. */
function quiet(signal: AbortSignal): JobControl {
	return { signal, emit: () => undefined };
}

/** The disks of the machine and the raw files named. A file that cannot be read is in the list, with the reason. */
async function listDisks(files: readonly string[], engine: Engine, control: JobControl): Promise<DiskInfo[]> {
	const disks = [...(await engine.disks([], control))];
	for (const file of files) {
		try {
			disks.push(...(await engine.disks([file], control)));
		} catch (error) {
			disks.push(unreadableFile(file, toErrorRecord(error).message));
		}
	}
	return disks;
}

function unreadableFile(path: string, reason: string): DiskInfo {
	return {
		path,
		kind: 'file',
		number: 0,
		model: '',
		serial: '',
		size: 0,
		sectorSize: 512,
		table: 'none',
		id: '',
		readOnly: false,
		removable: false,
		partitions: [],
		warnings: [reason],
		needsRights: false,
	};
}
