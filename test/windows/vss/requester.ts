import { toErrorRecord } from '../../../src/base/errors.ts';
import { HResultError } from '../../../native/win32/api/com.ts';
import { BackupComponents } from '../../../native/win32/vss/vssapi.ts';
import { createShadowCopies, objectionToVolume } from '../../../native/win32/vss/shadow-copies.ts';

/**
 * Runs under Wine: makes shadow copies of the volumes of its arguments, and removes them as the first argument says.
 * What comes of it goes to standard output as JSON.
 */
const [how, ...volumes] = process.argv.slice(2);
const told: string[] = [];
let ticks = 0;
const ticking = setInterval(() => ticks++, 5);
const controller = new AbortController();
if (how === 'cancel') setTimeout(() => controller.abort(), 400);

const result: Record<string, unknown> = {};
try {
	if (how === 'wrong order') {
		const backup = BackupComponents.create();
		try {
			backup.doSnapshotSet();
		} catch (error) {
			result['wrongOrder'] = error instanceof HResultError && error.message;
		}
		backup.release();
	} else if (how === 'ask') {
		result['objections'] = volumes.map((volume) => objectionToVolume(volume) ?? null);
	} else {
		const copies = await createShadowCopies(
			volumes,
			controller.signal,
			(level, message, advice) => void told.push(`${level}: ${message}${advice === undefined ? '' : ` | ${advice}`}`),
			{ inProgress: [10, 10], transient: [10, 10] },
		);
		result['devices'] = Object.fromEntries(copies.devices);

		await copies.remove(how !== 'abort');
		await copies.remove(true);
	}
} catch (error) {
	result['error'] = toErrorRecord(error);
}
clearInterval(ticking);
console.log(JSON.stringify({ ...result, told, ticked: ticks > 5 }));
