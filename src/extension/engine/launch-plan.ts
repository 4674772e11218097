/** How an engine is started: pure, so that every platform's command can be tested on any. */

export type Rights = 'user' | 'elevated';
export type ElevationMethod = 'direct' | 'pkexec' | 'sudo' | 'uac' | 'osascript';

export interface LaunchFacts {
	readonly platform: NodeJS.Platform;
	/** The Node or Electron that runs the extension host. */
	readonly runtime: string;
	/** The runtime is Electron, which must be told to behave as Node. */
	readonly electron: boolean;
	readonly engineScript: string;
	/** What asks Windows for administrator rights and starts the engine with them (`uac`). */
	readonly elevateScript: string;
	readonly meetingPath: string;
	/** Where the token is left for launchers that give no standard input (`uac`, `osascript`): a file only the user may read. */
	readonly tokenFile: string;
	/** Program that answers sudo's question for the password. */
	readonly askpass: string;
}

export interface LaunchPlan {
	readonly command: string;
	readonly args: readonly string[];
	/** Variables on top of the environment. */
	readonly env: Readonly<Record<string, string>>;
	/** The token goes to standard input, or into `tokenFile`, which the engine removes when it has read it. */
	readonly tokenBy: 'stdin' | 'file';
}

export function launchPlan(method: ElevationMethod, facts: LaunchFacts): LaunchPlan {
	const engine = [facts.engineScript, '--connect', facts.meetingPath];
	const electron: Record<string, string> = facts.electron ? { ELECTRON_RUN_AS_NODE: '1' } : {};
	// pkexec and sudo clear the environment, so that what Electron needs is set by env(1) behind them.
	const behindEnv = [...(facts.electron ? ['/usr/bin/env', 'ELECTRON_RUN_AS_NODE=1'] : []), facts.runtime, ...engine];
	switch (method) {
		case 'direct':
			return { command: facts.runtime, args: engine, env: electron, tokenBy: 'stdin' };
		case 'pkexec':
			return { command: 'pkexec', args: behindEnv, env: {}, tokenBy: 'stdin' };
		case 'sudo':
			return {
				command: 'sudo',
				args: ['-A', '-p', 'Afterimage needs the password of %p: ', '--', ...behindEnv],
				env: { SUDO_ASKPASS: facts.askpass },
				tokenBy: 'stdin',
			};
		case 'uac':
			return {
				command: facts.runtime,
				args: [facts.elevateScript, ...engine, '--token-file', facts.tokenFile],
				env: electron,
				tokenBy: 'file',
			};
		case 'osascript':
			return { command: 'osascript', args: ['-e', macCommand(facts, engine)], env: {}, tokenBy: 'file' };
	}
}

function macCommand(facts: LaunchFacts, engine: readonly string[]): string {
	const prefix = facts.electron ? 'ELECTRON_RUN_AS_NODE=1 ' : '';
	const words = [facts.runtime, ...engine, '--token-file', facts.tokenFile]
		.map((arg) => `'${arg.replaceAll("'", `'\\''`)}'`)
		.join(' ');
	const script = `${prefix}${words} > /dev/null 2>&1 &`.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
	return `do shell script "${script}" with administrator privileges with prompt "Afterimage reads and writes disks."`;
}

/** What the system has for gaining rights. */
export interface ElevationFacts {
	readonly platform: NodeJS.Platform;
	readonly root: boolean;
	readonly hasPkexec: boolean;
	/** A polkit agent can ask, since there is a graphical session, or rules grant without asking. */
	readonly graphical: boolean;
	readonly hasSudo: boolean;
	/** The setting `afterimage.elevation`. */
	readonly setting: 'auto' | 'pkexec' | 'sudo' | 'none';
}

/** The way to gain rights, or a sentence that says why there is none. */
export function elevationMethod(facts: ElevationFacts): ElevationMethod | { readonly reason: string } {
	if (facts.root) return 'direct';
	if (facts.setting === 'none')
		return { reason: 'The setting afterimage.elevation is "none": only raw disk files can be imaged.' };
	if (facts.platform === 'win32') return 'uac';
	if (facts.platform === 'darwin') return 'osascript';
	if (facts.setting === 'pkexec' && !facts.hasPkexec)
		return { reason: 'The setting afterimage.elevation asks for pkexec, which is not installed.' };
	if (facts.setting === 'sudo' && !facts.hasSudo)
		return { reason: 'The setting afterimage.elevation asks for sudo, which is not installed.' };
	if (facts.setting !== 'auto') return facts.setting;
	if (facts.hasPkexec && facts.graphical) return 'pkexec';
	if (facts.hasSudo) return 'sudo';
	if (facts.hasPkexec) return 'pkexec';
	return { reason: 'Neither pkexec nor sudo is installed; start VS Code as an administrator, or install one of them.' };
}
