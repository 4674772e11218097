import * as vscode from 'vscode';
import { AfterimageError, toErrorRecord } from '../../base/errors.ts';
import { settings } from '../ids.ts';
import { lazily } from '../lazily.ts';
import type { Ui } from '../ui.ts';
import type { Askpass } from './askpass.ts';
import type { EngineClient } from './engine-client.ts';
import { elevationFacts, isElectron, isRoot, launchFacts } from './environment.ts';
import { elevationMethod, type ElevationFacts, type ElevationMethod, type Rights } from './launch-plan.ts';
import { meetingBase, newMeeting, removeMeeting, type Meeting } from './meeting.ts';
import { MeetingMemory } from './meeting-memory.ts';
import { RestartPolicy } from './restart-policy.ts';

/** How long an engine of an earlier window gets to call back after a reload, in milliseconds: it calls twice a second. */
const reattachPatience = 2_000;

/**
 * The engines of this window: one with the user's rights, started on first use, and one with administrator rights,
 * started when something needs them. Where VS Code itself runs as root, the first serves for both.
 */
export class Engines implements vscode.Disposable {
	readonly #context: vscode.ExtensionContext;
	readonly #output: vscode.LogOutputChannel;
	readonly #ui: Ui;
	readonly #memory: MeetingMemory;
	readonly #starting = new Map<Rights, Promise<EngineClient>>();
	readonly #running = new Map<Rights, EngineClient>();
	readonly #restarts = new RestartPolicy();
	/** Where engines are met or awaited. */
	readonly #meetings = new Set<Meeting>();
	/** Aborted when the window goes. */
	readonly #closing = new AbortController();
	readonly #connected = new vscode.EventEmitter<EngineClient>();
	readonly #lost = new vscode.EventEmitter<Rights>();
	/** Removes, once a window, what windows that ended badly have left. */
	readonly #sweep = lazily(async () => {
		const { sweepMeetings } = await import('./sweep-meetings.ts');
		const swept = await sweepMeetings(meetingBase(), Date.now());
		if (swept.length > 0) this.#output.info(`Removed what earlier windows left: ${swept.join(', ')}`);
	});
	#reattached: Promise<unknown> = Promise.resolve();

	/** An engine has connected: a new one, or one of the window before a reload. */
	readonly onConnected = this.#connected.event;
	/** An engine ended though nobody asked it to. */
	readonly onLost = this.#lost.event;

	constructor(context: vscode.ExtensionContext, output: vscode.LogOutputChannel, ui: Ui) {
		this.#context = context;
		this.#output = output;
		this.#ui = ui;
		this.#memory = new MeetingMemory(context);
	}

	/** Engines that are connected now. */
	get current(): readonly EngineClient[] {
		return [...this.#running.values()];
	}

	/** Whether administrator rights are there already, so that asking for them shows no question. */
	get elevated(): boolean {
		return isRoot() || this.#running.has('elevated');
	}

	/** @throws AfterimageError `engine-lost`, `permission-denied`, `cancelled` */
	get(rights: Rights): Promise<EngineClient> {
		const kind: Rights = isRoot() ? 'user' : rights;
		const there = this.#starting.get(kind);
		if (there !== undefined) return there;
		const starting = this.#reattached.then(() => this.#running.get(kind) ?? this.#start(kind));
		this.#starting.set(kind, starting);
		starting.catch(() => this.#starting.delete(kind));
		return starting;
	}

	/**
	 * Takes over engines that the window had before it was reloaded, if they still run. Starts none; who asks for an
	 * engine meanwhile waits, so that no second one is started beside it.
	 */
	reattach(): Promise<unknown> {
		const kinds = ['user', 'elevated'] as const;
		this.#reattached = Promise.all(kinds.map((rights) => this.#reattachTo(rights)));
		return this.#reattached;
	}

	/** The window closes or reloads: an engine at work goes on, and what was made to meet it is removed. */
	dispose(): void {
		this.#closing.abort(new AfterimageError('cancelled', 'The window was closed'));
		for (const client of this.#running.values()) client.dispose();
		this.#connected.dispose();
		this.#lost.dispose();
		for (const meeting of this.#meetings) removeMeeting(meeting);
	}

	async #reattachTo(rights: Rights): Promise<void> {
		const meeting = await this.#memory.take(rights);
		if (meeting === undefined) return;
		this.#meetings.add(meeting);
		try {
			const { meetAgain } = await import('./start-engine.ts');
			const patience = AbortSignal.timeout(reattachPatience);
			const known = await meetAgain(meeting, AbortSignal.any([patience, this.#closing.signal]));
			this.#output.info(`Attached again to the ${rights} engine of the window before`);
			const client = this.#adopt(rights, meeting, known);
			this.#starting.set(rights, Promise.resolve(client));
			await this.#memory.keep(rights, meeting);
		} catch (error) {
			this.#output.debug(`No ${rights} engine of the window before: ${toErrorRecord(error).message}`);
			this.#forget(meeting);
		}
	}

	async #start(rights: Rights): Promise<EngineClient> {
		if (!this.#restarts.allow(Date.now())) {
			throw new AfterimageError('engine-lost', 'The imaging engine ended too often; it is not started again', {
				advice: 'Look into the output channel Afterimage, then reload the window',
			});
		}
		const method = this.#method(rights);
		const { startEngine } = await import('./start-engine.ts');
		const meeting = newMeeting();
		this.#meetings.add(meeting);
		const askpass = method === 'sudo' ? await this.#startAskpass() : undefined;
		try {
			const facts = launchFacts(this.#context.extensionPath, meeting, askpass?.program ?? '');
			const hear = (text: string) => this.#output.info(text.trimEnd());
			const client = await startEngine(method, facts, meeting, hear, this.#closing.signal);
			void this.#sweep();
			await this.#memory.keep(rights, meeting);
			return this.#adopt(rights, meeting, client);
		} catch (error) {
			this.#forget(meeting);
			throw error;
		} finally {
			askpass?.dispose();
		}
	}

	#adopt(rights: Rights, meeting: Meeting, client: EngineClient): EngineClient {
		this.#running.set(rights, client);
		void client.ended.then(() => {
			// The window closes or reloads: an engine at work goes on and looks for the next window at the same place.
			if (this.#closing.signal.aborted) return;
			this.#running.delete(rights);
			this.#starting.delete(rights);
			this.#forget(meeting);
			void this.#memory.forget(rights);
			this.#output.warn(`The ${rights} engine has ended`);
			this.#lost.fire(rights);
		});
		this.#connected.fire(client);
		return client;
	}

	#forget(meeting: Meeting): void {
		this.#meetings.delete(meeting);
		removeMeeting(meeting);
	}

	#method(rights: Rights): ElevationMethod {
		if (rights === 'user') return 'direct';
		const setting = vscode.workspace
			.getConfiguration('afterimage')
			.get<ElevationFacts['setting']>(settings.elevation, 'auto');
		const method = elevationMethod(elevationFacts(setting));
		if (typeof method === 'string') return method;
		throw new AfterimageError('permission-denied', method.reason);
	}

	async #startAskpass(): Promise<Askpass> {
		const { startAskpass } = await import('./askpass.ts');
		return startAskpass(process.execPath, isElectron(), (prompt) => this.#askPassword(prompt));
	}

	#askPassword(prompt: string): Promise<string | undefined> {
		return this.#ui.input({
			title: vscode.l10n.t('Administrator rights'),
			prompt: prompt.replace(/:\s*$/, ''),
			placeHolder: vscode.l10n.t('Reading and writing disks needs administrator rights'),
			password: true,
			ignoreFocusOut: true,
		});
	}
}
