import { describe, expect, it } from 'vitest';
import { servedLines } from '../../../src/cli/output/served-lines.ts';
import type { Served } from '../../../src/engine/requests/serve.ts';
import { run } from './run-on-engine.ts';

const onWindows = process.platform === 'win32';

describe('afterimage serve', () => {
	it.each([
		[[], onWindows ? { kind: 'port', address: '127.0.0.1', port: 0 } : { kind: 'socket', path: undefined }],
		[['--socket', '/run/nbd'], { kind: 'socket', path: '/run/nbd' }],
		[['--port', '10809'], { kind: 'port', address: '127.0.0.1', port: 10_809 }],
		[['--port', '0', '--bind', '::1'], { kind: 'port', address: '::1', port: 0 }],
		[['--bind', '0.0.0.0'], { kind: 'port', address: '0.0.0.0', port: 0 }],
	])('takes %j as the place', async (options, place) => {
		const { code, requests } = await run(['serve', 'FILE', '--disk', '2', ...options]);
		expect(requests).toEqual([{ image: 'FILE', disk: 2, password: undefined, place }]);
		expect(code).toBe(0);
	});

	it.each([
		[
			['--socket', '/run/nbd', '--port', '1'],
			/^Error: --socket makes a socket at a path: it has no --port and no --bind/,
		],
		[['--socket', '/run/nbd', '--bind', '::1'], /^Error: --socket makes a socket/],
		[['--socket', ''], /^Error: --socket: expected a path, found ""/],
		[['--port', '65536'], /^Error: --port: expected a whole number from 0 to 65535, such as 10809, found 65536/],
		[['SECOND'], /^Error: Expected one FILE, found FILE SECOND/],
	])('refuses %j', async (options, said) => {
		const { code, err, requests } = await run(['serve', 'FILE', ...options]);
		expect([code, requests]).toEqual([2, []]);
		expect(err).toMatch(said);
	});
});

describe('what is served', () => {
	const uri = (name: string) => `nbd+unix:///${name}?socket=/run/a%27b`;
	const served: Served = {
		image: '/images/a.mrimgx',
		socket: "/run/a'b",
		uri: uri(''),
		disks: [
			{
				...{ disk: 1, name: 'disk-1', uri: uri('disk-1'), size: 2 ** 30, sectorSize: 512 },
				partitions: [
					{
						...{ partition: 3, name: 'disk-1/partition-3', uri: uri('disk-1/partition-3') },
						...{ size: 2 ** 20, fileSystem: 'ext', label: 'root' },
					},
				],
			},
		],
	};

	it('is told with all URIs and lines to copy', () => {
		expect(servedLines(served, 'linux')).toEqual([
			'Serving /images/a.mrimgx until Ctrl+C',
			'Disk 1         1.00 GB                  nbd+unix:///?socket=/run/a%27b',
			'  partition 3  1.00 MB  ext2/3/4  root  nbd+unix:///disk-1/partition-3?socket=/run/a%27b',
			'Start a virtual machine from disk 1; what it writes is dropped at its end:',
			"  qemu-system-x86_64 -m 4G -snapshot -drive file='nbd+unix:///?socket=/run/a%27b',format=raw",
			'Make a file of disk 1 for another hypervisor (vhdx, vmdk, qcow2):',
			"  qemu-img convert -p -f raw -O vhdx 'nbd+unix:///?socket=/run/a%27b' disk.vhdx",
		]);
	});

	it('of several disks has the name of each', () => {
		const second = { ...served.disks[0]!, disk: 2, uri: uri('disk-2'), partitions: [] };
		const lines = servedLines({ ...served, uri: undefined, disks: [...served.disks, second] }, 'linux');
		expect(lines.filter((line) => line.startsWith('Disk')).map((line) => line.split(/ +/).at(-1))).toEqual([
			...[uri('disk-1'), uri('disk-2')],
		]);
		expect(lines.at(-1)).toContain(uri('disk-1'));
	});

	it('with large sectors goes to a machine as NVMe, and unquoted to the shell of Windows', () => {
		const lines = servedLines({ ...served, disks: [{ ...served.disks[0]!, sectorSize: 4096 }] }, 'win32');
		expect(lines.find((line) => line.includes('qemu-system'))).toBe(
			'  qemu-system-x86_64 -m 4G -snapshot -drive if=none,id=disk,file=nbd+unix:///?socket=/run/a%27b,format=raw ' +
				'-device nvme,drive=disk,serial=1,logical_block_size=4096,physical_block_size=4096',
		);
	});
});
