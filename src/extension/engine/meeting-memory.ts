import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Meeting } from './meeting.ts';
import type { Rights } from './launch-plan.ts';

/**
 * Keeps where the engines of a window are found again, for the next window on the same workspace. The address alone says
 * nothing and goes to the state of the workspace, the token to the secret storage. Where VS Code is a page of a browser
 * its secrets end with the page: there an engine without administrator rights is kept in a file that only the user
 * may read, and one with them in nothing at all.
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
		await this.#context.workspaceState.update(`engine.${rights}`, undefined);
		await this.#context.secrets.delete(`engine:${path}`);
		return token === undefined ? undefined : { path, token };
	}

	#file(rights: Rights): string | undefined {
		const folder = this.#context.storageUri?.fsPath;
		if (folder === undefined || rights !== 'user' || vscode.env.uiKind !== vscode.UIKind.Web) return undefined;
		return join(folder, 'engine.json');
	}
}

function takeFile(file: string): Meeting | undefined {
	try {
		const { path, token } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Meeting>;
		return typeof path === 'string' && typeof token === 'string' ? { path, token } : undefined;
	} catch {
		return undefined; // no window before, or half written as that ended
	} finally {
		rmSync(file, { force: true });
	}
}
