import { nativeMd5, openNativeMd5 } from '../../native/kernels.ts';
import { openFastestLibzstd } from '../../native/zstd.ts';
import { compileMd5, createBlockHasher } from '../image/md5/block-hasher.ts';
import { createZlibCodec } from '../image/zlib-codec.ts';
import type { BlockTools } from './browse/block-tools.ts';
import { listPartitions } from './browse/list-partitions.ts';
import { listFiles, readFile, statFile } from './browse/read-files.ts';
import { Sessions } from './browse/sessions.ts';
import { systemClock } from './ports/clock.ts';
import type { Engine, JobControl } from './engine.ts';
import type { JobContext } from './job-context.ts';
import { runBackup } from './jobs/backup.ts';
import { runCompare } from './jobs/compare.ts';
import { runExtract } from './jobs/extract.ts';
import { runInspect } from './jobs/inspect.ts';
import { runListDisks } from './jobs/list-disks.ts';
import { runListSets } from './jobs/list-sets.ts';
import { runMerge } from './jobs/merge.ts';
import { runMount } from './jobs/mount.ts';
import { runPurge } from './jobs/purge.ts';
import { findDependants, runRemove } from './jobs/remove.ts';
import { previewRestore, runRestore } from './jobs/restore.ts';
import { runServe } from './jobs/serve.ts';
import { runVerifyBackups } from './jobs/verify-backups.ts';
import { runVerify } from './jobs/verify.ts';
import { createBlockPool } from './pipeline/pool.ts';
import { loadNative } from './ports/load-native.ts';
import { plainPorts } from './ports/plain-ports.ts';
import type { Ports } from './ports.ts';

export { engineVersion } from './version.ts';

/**
 * The engine of this process, by default with the real ports of its system: the composition root.
 * @param invoker SID of the user of Windows for whom another account has given its rights, and whose files are trusted too
 */
export async function createEngine(ports?: Ports, invoker?: string): Promise<Engine> {
	return engineWith(ports ?? (await systemPorts()), invoker);
}

/** The real ports of this system. */
export async function systemPorts(): Promise<Ports> {
	if (process.platform === 'linux') {
		const { linuxPorts } = await loadNative(() => import('../../native/linux/ports.ts'));
		return { ...linuxPorts, clock: systemClock };
	}
	if (process.platform === 'win32') {
		const { win32Ports } = await loadNative(() => import('../../native/win32/ports.ts'));
		return { ...win32Ports, clock: systemClock };
	}
	return { ...plainPorts, clock: systemClock };
}

/** What knows definitions and their language, loaded when it is asked for: an image of a disk starts without it. */
export async function loadDefinitionRun(invoker?: string) {
	const [{ runDefinition }, { validateFile }, { systemRunPorts }, rights] = await Promise.all([
		import('./definition-run/run-definition.ts'),
		import('./definition-run/validate-file.ts'),
		import('./definition-run/system-run-ports.ts'),
		systemRights(invoker),
	]);
	return { runDefinition, validateFile, runPorts: systemRunPorts(rights) };
}

/** Who may write what, and the power, on systems where Node cannot tell; undefined elsewhere. @param invoker see {@link createEngine} */
export async function systemRights(invoker?: string) {
	if (process.platform !== 'win32') return undefined;
	const [native, { win32Power }, { openPathsOf, windowsPermissions }] = await Promise.all([
		import('../../native/win32/rights/security.ts'),
		import('../../native/win32/power.ts'),
		import('./definition-run/permissions/windows-permissions.ts'),
	]);
	const { realPath, isFolder, securityOf, accountName, restrictToSelf } = native;
	const users = [native.currentUser(), ...(invoker === undefined ? [] : [invoker])];
	const security = { users, realPath, isFolder, securityOf, nameOf: accountName };
	return {
		permissions: windowsPermissions(security),
		power: win32Power,
		openPaths: (path: string) => openPathsOf(path, security),
		restrict: restrictToSelf,
	};
}

/** As the threads of the pool have them. */
function createBlockTools(): BlockTools {
	const found = process.env['AFTERIMAGE_ZSTD'] === 'node' ? undefined : openFastestLibzstd();
	const kernels = nativeMd5().length > 0 ? openNativeMd5() : compileMd5();
	return {
		codec: found ?? createZlibCodec(),
		createHasher: (capacity) => createBlockHasher(capacity, kernels),
	};
}

function engineWith(ports: Ports, invoker: string | undefined): Engine {
	const contextOf = ({ signal, emit }: JobControl): JobContext => ({
		ports,
		createPool: (options) => createBlockPool({ md5: nativeMd5().length > 0 ? 'native' : 'wasm', ...options }),
		createCodec: createZlibCodec,
		createBlockTools,
		signal,
		emit,
	});
	const sessions = new Sessions();
	return {
		async validate(file, control) {
			const { validateFile, runPorts } = await loadDefinitionRun(invoker);
			return validateFile(file, runPorts.permissions, contextOf(control));
		},
		async backup(request, control) {
			const { runDefinition, runPorts } = await loadDefinitionRun(invoker);
			return runDefinition(request, contextOf(control), runPorts, control);
		},
		disks: (paths, control) => runListDisks(paths, contextOf(control)),
		image: (request, control) => runBackup(request, contextOf(control)),
		inspect: (file, control) => runInspect(file, contextOf(control)),
		verify: (request, control) => runVerify(request, contextOf(control)),
		verifyBackups: (request, control) => runVerifyBackups(request, contextOf(control)),
		restore: (request, control) => runRestore(request, contextOf(control)),
		previewRestore: (request, control) => previewRestore(request, contextOf(control)),
		sets: (folder, control) => runListSets(folder, contextOf(control)),
		merge: (request, control) => runMerge(request, contextOf(control)),
		purge: (request, control) => runPurge(request, contextOf(control)),
		compare: (file, control) => runCompare(file, contextOf(control)),
		dependants: (files, control) => findDependants(files, contextOf(control)),
		remove: (files, control) => runRemove(files, contextOf(control)),
		partitions: (request, control) => listPartitions(request, sessions, contextOf(control)),
		listFiles: (request, control) => listFiles(request, sessions, contextOf(control)),
		statFile: (request, control) => statFile(request, sessions, contextOf(control)),
		readFile: (request, control) => readFile(request, sessions, contextOf(control)),
		extract: (request, control) => runExtract(request, contextOf(control)),
		mount: (request, control, onMounted) => runMount(request, contextOf(control), onMounted),
		serve: (request, control, onServed) => runServe(request, contextOf(control), onServed),
		// Without a history nothing is remembered.
		runs: async () => [],
		running: async () => [],
		async due(definitions, grace) {
			const { dueReports } = await import('./history/due-report.ts');
			const now = ports.clock.now();
			return dueReports(definitions, grace, { now, upSince: now, records: [], running: [], knownSince: now });
		},
	};
}
