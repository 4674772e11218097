import type { PowerPort } from '../ports/power-port.ts';

/** What running a definition needs of the system beside disks and files; tests put fakes in its place. */
export interface RunPorts {
	readonly permissions: PermissionPort;
	readonly programs: ProgramPort;
	readonly mail: MailPort;
	readonly power: PowerPort;
	/** Waits; rejects with `cancelled` when the signal aborts. */
	readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
	/** Environment of this process. */
	readonly env: NodeJS.ProcessEnv;
	/** Name of the user who runs the backup. */
	readonly userName: string;
}

export interface PermissionPort {
	/**
	 * Who besides administrators and the user may exchange or change what is at the path, in words, with the place; be it
	 * through the file itself or through a folder above it. Undefined when nobody may.
	 * @throws AfterimageError `source-missing`, `not-supported` where this cannot be told
	 */
	writableByOthers(path: string): string | undefined;
	/** The same for reading the file alone. */
	readableByOthers(path: string): string | undefined;
}

export interface ProgramRequest {
	readonly path: string;
	readonly args: readonly string[];
	/** The whole environment of the program. */
	readonly env: Readonly<Record<string, string>>;
	/** Seconds. */
	readonly timeLimit: number;
	readonly signal: AbortSignal;
	/** Is told each line that it writes, at most {@link mostOutputLines}. */
	readonly onLine: (line: string) => void;
}

/** Lines of a program's output that are kept. */
export const mostOutputLines = 1000;

export type ProgramEnd =
	| { readonly kind: 'exit'; readonly code: number }
	| { readonly kind: 'signal'; readonly signal: string }
	| { readonly kind: 'time-limit' }
	/** It could not be started. */
	| { readonly kind: 'not-started'; readonly reason: string };

export interface ProgramPort {
	/** Runs a program, never through a shell, and ends it with all that it started at the time limit or an abort. */
	run(request: ProgramRequest): Promise<ProgramEnd>;
}

export interface Mail {
	/** `smtp://host:port` or `smtps://host:port` from the definition; undefined: that of the settings. */
	readonly server: string | undefined;
	readonly sender: string | undefined;
	readonly recipients: readonly string[];
	readonly subject: string;
	readonly text: string;
	/** Path of a file to attach. */
	readonly attachment: string | undefined;
}

export interface MailPort {
	/** @throws AfterimageError `invalid-definition` when no server or sender is known, `failed` */
	send(mail: Mail): Promise<void>;
}
