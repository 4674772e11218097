import { AfterimageError } from '../../../src/base/errors.ts';
import type { Mail, ProgramEnd, ProgramRequest, RunPorts } from '../../../src/engine/definition-run/run-ports.ts';

/** What running a definition needs of the system, in memory: everything that is done is noted in `log`, in order. */
export class FakeRunPorts implements RunPorts {
	readonly log: string[] = [];
	readonly mails: Mail[] = [];
	readonly requests: ProgramRequest[] = [];
	/** Objections by path. */
	readonly open = new Map<string, string>();
	readonly readable = new Map<string, string>();
	/** How programs end, by path; all others succeed. */
	readonly ends = new Map<string, ProgramEnd>();
	/** Why mail or power fails. */
	mailFailure: string | undefined;
	powerFailure: string | undefined;
	env: NodeJS.ProcessEnv = {};
	userName = 'ada';

	readonly permissions = {
		writableByOthers: (path: string) => this.open.get(path),
		readableByOthers: (path: string) => this.readable.get(path),
	};

	readonly programs = {
		run: async (request: ProgramRequest): Promise<ProgramEnd> => {
			this.requests.push(request);
			this.log.push(`run ${[request.path, ...request.args].join(' ')}`);
			request.onLine(`hello from ${request.path}`);
			return this.ends.get(request.path) ?? { kind: 'exit', code: 0 };
		},
	};

	readonly mail = {
		send: async (mail: Mail) => {
			if (this.mailFailure !== undefined) throw new AfterimageError('failed', this.mailFailure);
			this.log.push(`mail ${mail.recipients.join(' ')}`);
			this.mails.push(mail);
		},
	};

	readonly power = {
		keepAwake: () => {
			this.log.push('awake');
			return () => void this.log.push('may sleep');
		},
		shutDown: async (level: string, force: boolean) => {
			if (this.powerFailure !== undefined) throw new AfterimageError('failed', this.powerFailure);
			this.log.push(`power ${level}${force ? ' force' : ''}`);
		},
	};

	sleep = async (milliseconds: number): Promise<void> => {
		this.log.push(`sleep ${Math.round(milliseconds)}`);
	};
}
