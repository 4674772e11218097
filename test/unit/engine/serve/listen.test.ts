import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sweepLeftFolders } from '../../../../src/engine/serve/left-sockets.ts';
import { hostAndPort, isLoopback, listen } from '../../../../src/engine/serve/listen.ts';
import type { ListenPlace } from '../../../../src/engine/requests/serve.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const at = (path: string | undefined): ListenPlace => ({ kind: 'socket', path });
const on = (address: string, port = 0): ListenPlace => ({ kind: 'port', address, port });

async function opened(place: ListenPlace) {
	const listening = await listen(
		place,
		(socket) => socket.on('error', () => undefined).end('hello'),
		() => undefined,
	);
	onTestFinished(() => listening.close());
	return listening;
}

/** A socket at which nobody listens any more. */
function leave(path: string): void {
	const program = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
	spawnSync(process.execPath, ['-e', program, path]);
}

const refusal = (place: ListenPlace) => opened(place).then(undefined, (error: unknown) => error);

describe.runIf(process.platform !== 'win32')('at a path', () => {
	it('takes clients, and has a URI in which only what must is encoded', async () => {
		const path = join(tempFolder(), "it's a ü&?");
		const { uriOf, socket } = await opened(at(path));
		expect(socket).toBe(path);
		expect(uriOf('disk-1/partition-2')).toMatch(
			/^nbd\+unix:\/\/\/disk-1\/partition-2\?socket=\/.*\/it%27s%20a%20%C3%BC%26%3F$/,
		);
		expect(new URL(uriOf('')).searchParams.get('socket')).toBe(path);
		const client = connect(path);
		expect(String((await once(client, 'data'))[0])).toBe('hello');
	});

	it('takes the place of a server that was killed, but of none that is being made', async () => {
		const path = join(tempFolder(), 'left');
		leave(path);
		expect(await refusal(at(path))).toMatchObject({ code: 'busy' });
		utimesSync(path, 0, 0);
		await opened(at(path));
		const client = connect(path);
		expect(String((await once(client, 'data'))[0])).toBe('hello');
		const file = join(tempFolder(), 'file');
		writeFileSync(file, '');
		utimesSync(file, 0, 0);
		expect(await refusal(at(file))).toMatchObject({ code: 'busy' });
	});

	it('removes the folders of servers that were killed, and nothing else', async () => {
		const base = tempFolder();
		const folder = (name: string) => join(base, `afterimage-serve-${name}`);
		for (const name of ['sock01', 'empty1', 'live01', 'other1', 'young1', 'open01', 'link01x']) {
			mkdirSync(folder(name), { mode: name === 'open01' ? 0o755 : 0o700 });
		}
		symlinkSync(folder('empty1'), folder('link02'));
		leave(join(folder('sock01'), 'nbd'));
		writeFileSync(join(folder('other1'), 'file'), '');
		await opened(at(join(folder('live01'), 'nbd')));
		const old = ['sock01', 'sock01/nbd', 'empty1', 'live01', 'live01/nbd', 'other1', 'open01', 'link01x'];
		for (const name of old) utimesSync(folder(name), 0, 0);
		await sweepLeftFolders(base);
		const left = ['link01x', 'link02', 'live01', 'open01', 'other1', 'young1'];
		expect(readdirSync(base).sort()).toEqual(left.map((name) => `afterimage-serve-${name}`));
		expect(readdirSync(folder('live01'))).toEqual(['nbd']);
	});

	it('is refused where there is something else, no folder, no right, or too long a way', async () => {
		const folder = tempFolder();
		await opened(at(join(folder, 'taken')));
		expect(await refusal(at(join(folder, 'taken')))).toMatchObject({ code: 'busy' });
		expect(await refusal(at(join(folder, 'nothing/nbd')))).toMatchObject({ code: 'destination-missing' });
		expect(await refusal(at('/proc/nbd'))).toMatchObject({
			code: 'permission-denied',
			message: 'Nobody can be served at /proc/nbd: permission denied',
		});
		const long = join(folder, 'x'.repeat(103 - folder.length));
		expect(await refusal(at(long))).toMatchObject({
			code: 'invalid-argument',
			message: `${long}: expected at most 103 bytes for the path of a socket, found 104`,
		});
		expect(await refusal(at(long.slice(0, -1)))).toMatchObject({ socket: long.slice(0, -1) });
	});
});

describe('on a port', () => {
	it('takes clients, and names the port that the system chose', async () => {
		const { uriOf, socket } = await opened(on('127.0.0.1'));
		expect(socket).toBeUndefined();
		const { port } = new URL(uriOf('x'));
		expect(uriOf('disk-0')).toBe(`nbd://127.0.0.1:${port}/disk-0`);
		const client = connect(Number(port), '127.0.0.1');
		expect(String((await once(client, 'data'))[0])).toBe('hello');
		expect(await refusal(on('127.0.0.1', Number(port)))).toMatchObject({
			code: 'busy',
			message: `127.0.0.1:${port} is in use already`,
		});
	});

	it('names this machine where it listens at all of its addresses', async () => {
		const { uriOf } = await opened(on('0.0.0.0'));
		expect(uriOf('')).not.toContain('0.0.0.0');
	});

	it('is refused for what is no address, or none of this machine', async () => {
		expect(await refusal(on('localhost'))).toMatchObject({
			code: 'invalid-argument',
			message: 'Expected an IP address to serve at, found localhost',
		});
		expect(await refusal(on('192.0.2.1'))).toMatchObject({
			code: 'invalid-argument',
			message: 'Nobody can be served at 192.0.2.1:0: address not available',
		});
	});

	it('is open to others unless the address is of this machine alone', () => {
		expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'].map(isLoopback)).toEqual([true, true, true, true]);
		expect(['0.0.0.0', '::', '10.127.0.1', '192.168.1.127'].map(isLoopback)).toEqual([false, false, false, false]);
		expect([hostAndPort('::1', 5), hostAndPort('10.0.0.1', 5)]).toEqual(['[::1]:5', '10.0.0.1:5']);
	});
});
