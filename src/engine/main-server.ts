import { parseArgs } from 'node:util';
import { openFastestLibzstd } from '../../native/zstd.ts';
import { exitCodeOf, toErrorRecord, AfterimageError } from '../base/errors.ts';
import { createZlibCodec } from '../image/zlib-codec.ts';
import { openHistory } from './history/history.ts';
import { recordedEngine } from './history/recorded-engine.ts';
import { createEngine, engineVersion, loadDefinitionRun, systemPorts, systemRights } from './main.ts';
import { attach, type Attachment } from './server/attach.ts';
import { engineService } from './server/engine-service.ts';
import { JobRegistry } from './server/job-registry.ts';
import { checkMeetingPlace, readTokenFile } from './server/token-file.ts';
import { readToken } from './server/token.ts';

const help = `Usage: engine.mjs --connect PATH [--token-file FILE] [--user SID]

The engine process of Afterimage: it reads and writes disks and images for a client, such as the extension
for VS Code, which starts it and listens at PATH (a socket in a private folder, or a named pipe). Both sides
prove that they know a one-time token, which comes on standard input. People use the command afterimage.

  --connect PATH       Where the client listens
  --token-file FILE    Read the token from FILE, which only its owner may read, and remove it
  --user SID           On Windows: the user for whom another account gives its rights
  --version            Print the version
  -h, --help           This text
`;

/** How long running jobs may take to stop before the process ends without them, in milliseconds. */
const patience = 10_000;
/** Turns of the event loop within which an answer is written. */
const turnsOfAnswer = 50;

/** Ends with the exit code; what is wrong is said in one line on standard error. */
async function serve(args: readonly string[]): Promise<number> {
	// A client that has gone reads no output any more.
	process.stdout.on('error', () => undefined);
	process.stderr.on('error', () => undefined);
	const { values } = parse(args);
	if (values.help === true || values.version === true) {
		process.stdout.write(values.help === true ? help : `${engineVersion}\n`);
		return 0;
	}
	const path = values.connect;
	if (path === undefined || path === '') throw new AfterimageError('invalid-argument', '--connect PATH is missing');
	checkMeetingPlace(path);
	const tokenFile = values['token-file'];
	const token = tokenFile === undefined ? await readToken(process.stdin) : readTokenFile(tokenFile);

	const invoker = values.user === undefined ? undefined : checkUser(values.user);
	const ports = await systemPorts();
	const history = openHistory(ports.clock, ports.processes);
	let shutDown!: () => void;
	const shutdown = new Promise<void>((done) => (shutDown = done));
	const jobs = new JobRegistry((method, params) => attachment.notify(method, params));
	const attachment: Attachment = attach({
		path,
		token,
		service: engineService({
			engine: recordedEngine(await createEngine(ports, invoker), history),
			jobs,
			elevated: ports.privilege.elevated,
			codecName,
			rights: await systemRights(invoker),
			// The answer goes out first: that takes some turns of the event loop, however long these are.
			shutDown: () => void turns(turnsOfAnswer).then(shutDown),
		}),
		running: () => jobs.running,
		shutdown,
		tell: (line) => void process.stderr.write(`${line}\n`),
	});
	endWithProcess(jobs, shutDown);
	// This process may outlive its files: an update of the extension replaces them.
	void loadDefinitionRun(invoker);
	await attachment.done;
	await Promise.race([jobs.cancelAll(), new Promise((late) => setTimeout(late, patience))]);
	return Number(process.exitCode ?? 0);
}

/** Has the jobs end when the process is asked to, or has a fault. */
function endWithProcess(jobs: JobRegistry, shutDown: () => void): void {
	for (const signal of ['SIGTERM', 'SIGINT'] as const) {
		process.on(signal, () => void jobs.cancelAll().then(() => shutDown()));
	}
	// The window that a hangup comes from may come back.
	process.on('SIGHUP', () => undefined);
	// After a fault nobody can know what state this process is in: its jobs fail with it, and it ends.
	const onFault = (error: unknown) => {
		process.exitCode = 1;
		process.stderr.write(`Fault: ${toErrorRecord(error).message}\n`);
		void jobs
			.cancelAll(error)
			.then(() => turns(turnsOfAnswer))
			.then(shutDown);
		setTimeout(shutDown, patience).unref();
	};
	process.on('uncaughtException', onFault);
	process.on('unhandledRejection', onFault);
}

async function turns(count: number): Promise<void> {
	for (let i = 0; i < count; i++) await new Promise((turn) => setImmediate(turn));
}

function parse(args: readonly string[]) {
	try {
		return parseArgs({
			args: [...args],
			options: {
				connect: { type: 'string' },
				'token-file': { type: 'string' },
				user: { type: 'string' },
				version: { type: 'boolean' },
				help: { type: 'boolean', short: 'h' },
			},
		});
	} catch (error) {
		throw new AfterimageError('invalid-argument', toErrorRecord(error).message.split('. ')[0]!, { cause: error });
	}
}

/** An account of a machine or domain: no group, and none of those that every Windows knows. */
function checkUser(sid: string): string {
	if (/^S-1-(5-21|12-1)-[0-9]+-[0-9]+-[0-9]+-[0-9]+$/.test(sid)) return sid;
	throw new AfterimageError('invalid-argument', `--user: expected the SID of an account, found ${sid}`);
}

let knownCodec: string | undefined;

/** The codec that this process would compress with; found by a short measurement the first time. */
function codecName(): string {
	if (knownCodec !== undefined) return knownCodec;
	const codec = openFastestLibzstd() ?? createZlibCodec();
	knownCodec = codec.name;
	codec.dispose();
	return knownCodec;
}

process.exit(
	await serve(process.argv.slice(2)).catch((error: unknown) => {
		const record = toErrorRecord(error);
		process.stderr.write(`${record.message}\n`);
		return exitCodeOf(record.code);
	}),
);
