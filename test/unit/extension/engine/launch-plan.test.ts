import { describe, expect, it } from 'vitest';
import {
	elevationMethod,
	launchPlan,
	type ElevationFacts,
	type ElevationMethod,
	type LaunchFacts,
} from '../../../../src/extension/engine/launch-plan.ts';

const facts: LaunchFacts = {
	platform: 'linux',
	runtime: '/usr/share/code/code',
	electron: true,
	engineScript: `/home/o'neil/ext/dist/engine.mjs`,
	elevateScript: `/home/o'neil/ext/dist/elevate.mjs`,
	meetingPath: '/run/user/1000/afterimage-x/engine',
	tokenFile: '/run/user/1000/afterimage-x/engine.token',
	askpass: '/run/user/1000/askpass',
};

describe('launchPlan', () => {
	it.each<ElevationMethod>(['direct', 'pkexec', 'sudo', 'uac', 'osascript'])(
		'%s starts the engine with its meeting place',
		(method) => {
			const { command, args } = launchPlan(method, facts);
			expect([command, ...args].join(' ')).toContain('--connect');
			expect([command, ...args].join(' ')).toContain('afterimage-x/engine');
		},
	);

	it('sets what Electron needs behind launchers that clear the environment', () => {
		expect(launchPlan('direct', facts).env).toEqual({ ELECTRON_RUN_AS_NODE: '1' });
		expect(launchPlan('pkexec', facts).args.slice(0, 3)).toEqual([
			'/usr/bin/env',
			'ELECTRON_RUN_AS_NODE=1',
			'/usr/share/code/code',
		]);
		expect(launchPlan('pkexec', { ...facts, electron: false }).args[0]).toBe('/usr/share/code/code');
	});

	it('lets sudo ask through the program for it, and never on a terminal', () => {
		const { args, env } = launchPlan('sudo', facts);
		expect(args[0]).toBe('-A');
		expect(env).toEqual({ SUDO_ASKPASS: facts.askpass });
	});

	it('gives the token by standard input where there is one, else by a file', () => {
		expect(launchPlan('sudo', facts).tokenBy).toBe('stdin');
		for (const method of ['uac', 'osascript'] as const) {
			const { args, tokenBy } = launchPlan(method, facts);
			expect(tokenBy).toBe('file');
			expect(args.join(' ')).toContain(facts.tokenFile);
		}
	});

	it('has Windows asked by a program of its own, which is given the engine’s arguments', () => {
		const { command, args, env } = launchPlan('uac', facts);
		expect(command).toBe(facts.runtime);
		expect(args).toEqual([
			facts.elevateScript,
			facts.engineScript,
			'--connect',
			facts.meetingPath,
			'--token-file',
			facts.tokenFile,
		]);
		expect(env).toEqual({ ELECTRON_RUN_AS_NODE: '1' });
	});

	it('quotes a path with a quotation mark for AppleScript’s shell', () => {
		expect(launchPlan('osascript', facts).args.join(' ')).toContain(`/home/o'\\\\''neil/ext`);
	});
});

describe('elevationMethod', () => {
	const linux: ElevationFacts = {
		platform: 'linux',
		root: false,
		hasPkexec: true,
		graphical: true,
		hasSudo: true,
		setting: 'auto',
	};

	it.each<[string, Partial<ElevationFacts>, ElevationMethod]>([
		['root needs nothing', { root: true, setting: 'none' }, 'direct'],
		['a desktop has pkexec', {}, 'pkexec'],
		['a remote machine has sudo', { graphical: false }, 'sudo'],
		['pkexec is the last resort without a desktop', { graphical: false, hasSudo: false }, 'pkexec'],
		['the setting decides', { setting: 'sudo' }, 'sudo'],
		['the setting decides for pkexec', { setting: 'pkexec', graphical: false }, 'pkexec'],
		['Windows has its own', { platform: 'win32', hasPkexec: false, hasSudo: false }, 'uac'],
		['macOS has its own', { platform: 'darwin' }, 'osascript'],
	])('%s', (_, more, method) => {
		expect(elevationMethod({ ...linux, ...more })).toBe(method);
	});

	it.each<[string, Partial<ElevationFacts>, RegExp]>([
		['nothing is there', { hasPkexec: false, hasSudo: false }, /Neither pkexec nor sudo/],
		['the setting forbids it', { setting: 'none' }, /"none"/],
		['the setting names what is missing', { setting: 'pkexec', hasPkexec: false }, /pkexec, which is not installed/],
		['the setting names sudo that is missing', { setting: 'sudo', hasSudo: false }, /sudo, which is not installed/],
	])('says why there is none: %s', (_, more, reason) => {
		expect(elevationMethod({ ...linux, ...more })).toEqual({ reason: expect.stringMatching(reason) as string });
	});
});
