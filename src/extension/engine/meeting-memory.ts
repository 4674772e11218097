import { closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Rights } from './launch-plan.ts';
import type { Meeting } from './meeting.ts';

/**
 * Keeps where the engines of a window are found again, for the next window on the same workspace. The address alone says
 * nothing and goes to the state of the workspace, the token to the secret storage. Where VS Code is a page of a browser
 * its secrets end with the page: there an engine with the user's own rights is kept in a file, and one with administrator
 * rights in nothing at all.
 *
 * What the file gives to somebody who can read it: with the token he can serve the engine while no window does, and start
 * jobs in it, or pass for it when the next window comes, and be given the password of an image. Only the user's own
 * processes (and root) can read a file of mode 600. They can do all of that without it: start an engine themselves, whose
 * rights are no more than theirs; and read the password where it is typed, since the extension's code and VS Code's are
 * files of that user. Where VS Code runs as root, the user's own engine is root's, and so is the file. The protocol hands out
 * no password. A token is good for one engine, so that a copy of the file, in a backup say, is worth nothing once that has
 * ended. For the rest the file is there as briefly as can be: it is removed when it is read and when its engine ends. A
 * file that others could have made or changed is not believed.
 */
export class MeetingMemory {
	readonly #context: vscode.ExtensionContext;

	constructor(context: vscode.ExtensionContext) {
		this.#context = context;
	}

	async keep(rights: Rights, meeting: Meeting): Promise<void> {
		const file = this.#file(rights);
		if (file !== undefined) {
			mkdirSync(dirname(file), { recursive: true });
			rmSync(file, { force: true });
			writeFileSync(file, JSON.stringify(meeting), { mode: 0o600, flag: 'wx' });
			return;
		}
		await this.#context.workspaceState.update(`engine.${rights}`, meeting.path);
		await this.#context.secrets.store(`engine:${meeting.path}`, meeting.token);
	}

	/** Gives what was kept, once: it is forgotten. */
	async take(rights: Rights): Promise<Meeting | undefined> {
		const file = this.#file(rights);
		if (file !== undefined) return takeFile(file);
		const path = this.#context.workspaceState.get<string>(`engine.${rights}`);
		if (path === undefined) return undefined;
		const token = await this.#context.secrets.get(`engine:${path}`);
		await this.forget(rights);
		return token === undefined ? undefined : { path, token };
	}

	/** The engine has ended: nothing of it is kept. */
	async forget(rights: Rights): Promise<void> {
		const file = this.#file(rights);
		if (file !== undefined) return rmSync(file, { force: true });
		const path = this.#context.workspaceState.get<string>(`engine.${rights}`);
		if (path === undefined) return;
		await this.#context.workspaceState.update(`engine.${rights}`, undefined);
		await this.#context.secrets.delete(`engine:${path}`);
	}

	#file(rights: Rights): string | undefined {
		const folder = this.#context.storageUri?.fsPath;
		if (folder === undefined || rights !== 'user' || vscode.env.uiKind !== vscode.UIKind.Web) return undefined;
		return join(folder, 'engine.json');
	}
}

function takeFile(file: string): Meeting | undefined {
	try {
		const { path, token } = JSON.parse(readPrivate(file)) as Partial<Meeting>;
		return typeof path === 'string' && typeof token === 'string' ? { path, token } : undefined;
	} catch {
		return undefined; // no window before, half written as that ended, or not ours
	} finally {
		rmSync(file, { force: true });
	}
}

/** @throws when others could have written the file, or it is a link */
function readPrivate(file: string): string {
	const fd = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
	try {
		const { mode, uid } = fstatSync(fd);
		const own = process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0);
		if (!own) throw new Error(`${file} is not a file of this user alone`);
		return readFileSync(fd, 'utf8');
	} finally {
		closeSync(fd);
	}
}
