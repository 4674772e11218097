import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AfterimageError } from '../../base/errors.ts';
import { logInfo, logWarning, type JobContext } from '../job-context.ts';
import type { MountFacts } from '../mount/attributes.ts';
import { prepareMountPoint } from '../mount/mount-point.ts';
import { openMountedTree } from '../mount/open-tree.ts';
import { serveMount } from '../mount/serve-mount.ts';
import { TreeServer, type MountedTree } from '../mount/tree-server.ts';
import type { FolderMount } from '../ports/mount-port.ts';
import type { Mounted, MountRequest } from '../requests/mount.ts';

/** Different failures that are told of: each once, since a program that fails to read tries again. */
const mostFailures = 10_000;

/**
 * Shows a backup as a folder until somebody unmounts it or the job is aborted: both are its end, and no error.
 * @param onMounted is told once, as soon as it is there
 * @throws AfterimageError `not-supported`, `permission-denied`, `destination-missing`, `invalid-argument` for a folder that is
 * not empty, `cancelled` when it was aborted before it was there, and what opening the backup throws
 */
export async function runMount(
	request: MountRequest,
	context: JobContext,
	onMounted: (mounted: Mounted) => void,
): Promise<void> {
	const { mounts } = context.ports;
	if (mounts === undefined) {
		throw new AfterimageError('not-supported', `Nothing can be mounted on this system (${process.platform})`, {
			advice: 'It works on Linux. afterimage files and extract read backups everywhere, and so does VS Code.',
		});
	}
	// Nothing of this process may ask for a path below the mount, which would wait for itself.
	const image = resolve(request.image);
	const point = await prepareMountPoint(request.folder, mounts, (path) =>
		logInfo(context, `${path}: unmounted what a process that was killed had left there`),
	);
	try {
		const opened = await openMountedTree({ ...request, image }, context);
		const { tree, partitions, raw, warnings } = opened;
		try {
			for (const warning of warnings) logWarning(context, warning);
			const facts = factsOf(image);
			const mount = await mounts.mount(point.path, image);
			const where = { image, folder: point.path, partitions, shared: mount.enforced };
			const onStart = () => onMounted({ ...where, ...(raw === undefined ? {} : { raw }) });
			await serve(mount, point.path, tree, facts, context, onStart);
		} finally {
			await opened.close();
		}
	} finally {
		await point.leave();
	}
}

function factsOf(image: string): MountFacts {
	return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, time: statSync(image).mtimeMs };
}

async function serve(
	mount: FolderMount,
	folder: string,
	tree: MountedTree,
	facts: MountFacts,
	context: JobContext,
	onStart: () => void,
): Promise<void> {
	const { signal } = context;
	let unmounting: Promise<void> | undefined;
	const end = () => (unmounting ??= unmount(mount, folder, context));
	const onAbort = () => void end();
	signal.addEventListener('abort', onAbort, { once: true });
	if (signal.aborted) onAbort();
	try {
		const server = new TreeServer(tree, facts, signal, failureLog(folder, context));
		await serveMount(mount, server, onStart);
	} finally {
		signal.removeEventListener('abort', onAbort);
		await end();
	}
}

/** Unmounts, where that has not happened yet, and ends the serving. */
async function unmount(mount: FolderMount, folder: string, context: JobContext): Promise<void> {
	const state = await mount.unmount();
	if (state === 'busy') {
		logWarning(
			context,
			`${folder} was in use and is unmounted all the same: what is open there cannot be read any more`,
		);
	} else if (state === 'mounted') {
		logWarning(context, `${folder} could not be unmounted`, `Unmount it with umount -l ${folder}.`);
	}
	await mount.close();
}

function failureLog(folder: string, context: JobContext) {
	const told = new Set<string>();
	return (path: string, message: string) => {
		const line = `${join(folder, path)}: ${message}`;
		if (told.has(line) || told.size >= mostFailures) return;
		told.add(line);
		logWarning(context, line);
	};
}
