import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { isElevated } from '../../../native/win32/rights/elevation.ts';
import { win32Processes } from '../../../native/win32/processes.ts';
import { machineText } from '../../../native/win32/api/registry.ts';
import { listVolumes } from '../../../native/win32/devices/volume-list.ts';
import { win32Volumes } from '../../../native/win32/devices/volumes.ts';

/** Prints what the ports say of the system that it runs on, as JSON. */
const self = win32Processes.self();
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
await once(child, 'spawn');
const childId = { ...self, pid: child.pid! };
const same = win32Processes.isAlive(childId);
child.kill();
await once(child, 'exit');

const deep = `C:\\${Array.from({ length: 6 }, () => 'n'.repeat(60)).join('\\')}`;
mkdirSync(deep, { recursive: true });

const code = async (path: string) => {
	try {
		return await win32Volumes.placeOf(path);
	} catch (error) {
		return (error as { code: string }).code;
	}
};

console.log(
	JSON.stringify({
		started: self.started,
		alive: [
			win32Processes.isAlive(self),
			win32Processes.isAlive({ ...self, started: '1' }),
			same,
			win32Processes.isAlive({ ...childId, pid: 0x7ffffff0 }),
			win32Processes.isAlive({ ...self, host: 'elsewhere' }) ?? 'unknown',
		],
		elevated: isElevated(),
		product: machineText('SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion', 'ProductName'),
		nothing: machineText('SOFTWARE\\Nowhere', 'Nothing') ?? 'none',
		places: [
			await code('C:\\windows\\system32'),
			await code('C:\\windows\\win.ini'),
			await code('C:\\nowhere'),
			await code(deep),
		],
		volumes: listVolumes(),
	}),
);
