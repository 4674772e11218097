import { describe, expect, it } from 'vitest';
import { findAccount, invokingUid, ownHome, ownName } from '../../../../src/engine/history/account.ts';
import { runsPlace, systemRuns } from '../../../../src/engine/history/runs-place.ts';

const facts = { platform: 'linux' as const, env: {}, uid: 1000, home: '/home/ada', invoker: undefined };
const standard = '/home/ada/.local/share/afterimage/runs';

describe('place of the runs', () => {
	it('is the data folder of the user', () => {
		expect(runsPlace(facts)).toEqual({ folder: standard, owner: undefined, shared: false, others: [systemRuns] });
		expect(runsPlace({ ...facts, env: { XDG_DATA_HOME: '/data' } })).toEqual({
			folder: '/data/afterimage/runs',
			owner: undefined,
			shared: false,
			others: [standard, systemRuns],
		});
		expect(runsPlace({ ...facts, env: { XDG_DATA_HOME: 'relative' } }).folder).toBe(standard);
	});

	it('is that of the user who gained administrator rights, owned by that user', () => {
		const invoker = { uid: 1000, gid: 1001, home: '/home/ada' };
		const env = { XDG_DATA_HOME: '/root/data' };
		expect(runsPlace({ ...facts, uid: 0, home: '/root', env, invoker })).toEqual({
			folder: standard,
			owner: invoker,
			shared: false,
			others: [systemRuns],
		});
	});

	it('is that of the system for root itself, which others may look at', () => {
		expect(runsPlace({ ...facts, uid: 0, home: '/root' })).toMatchObject({ folder: systemRuns, shared: true });
	});

	it('is what AFTERIMAGE_DATA says', () => {
		expect(runsPlace({ ...facts, env: { AFTERIMAGE_DATA: '/x' } })).toEqual({
			folder: '/x/runs',
			owner: undefined,
			shared: false,
			others: [],
		});
	});

	it('is the local data folder on Windows and macOS', () => {
		const windows = { ...facts, platform: 'win32' as const, uid: undefined, home: 'C:\\Users\\Ada' };
		expect(runsPlace(windows).folder).toBe('C:\\Users\\Ada\\AppData\\Local\\Afterimage\\runs');
		expect(runsPlace({ ...windows, env: { LOCALAPPDATA: 'D:\\L' } }).folder).toBe('D:\\L\\Afterimage\\runs');
		expect(runsPlace({ ...facts, platform: 'darwin', home: '/Users/ada' }).folder).toBe(
			'/Users/ada/Library/Application Support/Afterimage/runs',
		);
	});
});

describe('invoking user', () => {
	it('is told by pkexec and sudo to root alone', () => {
		expect(invokingUid({ PKEXEC_UID: '1000' }, 0)).toBe(1000);
		expect(invokingUid({ SUDO_UID: '1001' }, 0)).toBe(1001);
		expect(invokingUid({ SUDO_UID: '1001' }, 1000)).toBeUndefined();
		expect(invokingUid({ SUDO_UID: '0' }, 0)).toBeUndefined();
		expect(invokingUid({ SUDO_UID: '-1' }, 0)).toBeUndefined();
		expect(invokingUid({ SUDO_UID: '1e3' }, 0)).toBeUndefined();
		expect(invokingUid({}, 0)).toBeUndefined();
	});

	it('has the home that passwd names', () => {
		const passwd = 'root:x:0:0:root:/root:/bin/bash\nada:x:1000:1001:Ada,,,:/home/ada:/bin/sh\nbad:x:7:x::relative:\n';
		expect(findAccount(passwd, 1000)).toEqual({ uid: 1000, gid: 1001, home: '/home/ada' });
		expect(findAccount(passwd, 7)).toBeUndefined();
		expect(findAccount(passwd, 100)).toBeUndefined();
	});
});

it('takes the home of the account where HOME is empty, and none where there is no account', () => {
	const gone = () => {
		throw new Error('uv_os_homedir returned ENOENT');
	};
	expect(ownHome([() => '/home/ada', gone])).toBe('/home/ada');
	expect(ownHome([() => '', () => '/home/ada'])).toBe('/home/ada');
	expect(ownHome([gone, gone])).toBe('/nonexistent');
	expect(ownName()).not.toBe('');
});
