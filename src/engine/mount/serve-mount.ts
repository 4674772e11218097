import { AfterimageError } from '../../base/errors.ts';
import { Limit } from '../limit.ts';
import type { FolderMount } from '../ports/mount-port.ts';
import { errno, opcode } from './fuse/constants.ts';
import { answerOf, parseRequest, type Request } from './fuse/messages.ts';
import { negotiate } from './fuse/negotiate.ts';
import { InterruptIn } from './fuse/structures.ts';
import type { TreeServer } from './tree-server.ts';

/** Requests that are answered beside each other; the kernel keeps further ones. */
const mostRequests = 64;

/**
 * Answers the requests of a mount until it is unmounted or closed.
 * @param onStart is called when the kernel has been answered for the first time
 * @throws AfterimageError `not-supported` for a kernel that is too old, Error of the system
 */
export async function serveMount(mount: FolderMount, server: TreeServer, onStart: () => void): Promise<void> {
	if (!(await greet(mount))) return;
	onStart();
	const limit = new Limit(mostRequests);
	/** By the number of the request. */
	const running = new Map<bigint, Promise<void>>();
	/** Those whose answer was given before it was there. */
	const given = new Set<bigint>();
	const faults: unknown[] = [];
	for (;;) {
		await limit.enter();
		const message = await mount.next(() => running.size === 0);
		if (message === undefined) break;
		const request = parseRequest(message);
		if (request?.opcode === opcode.interrupt) interrupt(request);
		if (request === undefined || request.opcode === opcode.interrupt) {
			limit.leave();
			continue;
		}
		const answered = answer(request)
			.catch((error: unknown) => {
				faults.push(error);
				void mount.close();
			})
			.finally(() => {
				running.delete(request.unique);
				given.delete(request.unique);
				limit.leave();
			});
		running.set(request.unique, answered);
	}
	await Promise.all(running.values());
	if (faults.length > 0) throw faults[0] as Error;

	async function answer(request: Request): Promise<void> {
		const found = await server.answer(request);
		if (found === undefined) return;
		const still = !given.has(request.unique) && mount.reply(answerOf(request.unique, found.reply));
		found.delivered?.(still);
	}

	/** Who waited was told to stop; what is being read for him is read to its end all the same. */
	function interrupt({ body }: Request): void {
		if (body.length < InterruptIn.size) return;
		const { unique } = new InterruptIn(body);
		// The kernel tells of requests that were answered meanwhile, too.
		if (!running.has(unique) || given.has(unique)) return;
		given.add(unique);
		mount.reply(answerOf(unique, errno.EINTR));
	}
}

/** Answers the first request, with which the kernel tells what it speaks. @returns false when there will be none */
async function greet(mount: FolderMount): Promise<boolean> {
	for (;;) {
		const message = await mount.next(() => false);
		if (message === undefined) return false;
		const request = parseRequest(message);
		if (request?.opcode !== opcode.init) {
			throw new AfterimageError('failed', `The kernel began with request ${request?.opcode ?? 'of no kind'} of FUSE`);
		}
		try {
			const { answer, again } = negotiate(request.body, mount.enforced);
			mount.reply(answerOf(request.unique, [answer]));
			if (!again) return true;
		} catch (error) {
			mount.reply(answerOf(request.unique, errno.EPROTO));
			throw error;
		}
	}
}
