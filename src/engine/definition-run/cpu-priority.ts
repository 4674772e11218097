import { constants, getPriority, setPriority } from 'node:os';
import { toErrorRecord } from '../../base/errors.ts';
import type { CpuPriority } from '../../definition/model.ts';
import { logInfo, type JobContext } from '../job-context.ts';

const levels: Readonly<Record<Exclude<CpuPriority, 'normal'>, number>> = {
	idle: constants.priority.PRIORITY_LOW,
	below_normal: constants.priority.PRIORITY_BELOW_NORMAL,
	above_normal: constants.priority.PRIORITY_ABOVE_NORMAL,
};

/**
 * Does `work` with the priority of a definition. On Linux only the worker threads have it, which end with the run: a
 * user could not take it back from this process. Elsewhere the whole process has it until the work is done.
 */
export async function withPriority<T>(
	priority: CpuPriority,
	context: JobContext,
	work: (context: JobContext) => Promise<T>,
): Promise<T> {
	if (priority === 'normal') return work(context);
	const level = levels[priority];
	if (process.platform === 'linux') {
		if (level < 0 && !context.ports.privilege.elevated) {
			logInfo(context, 'A priority above normal needs root; it stays normal');
			return work(context);
		}
		return work({ ...context, createPool: () => context.createPool({ priority: level }) });
	}
	const before = getPriority();
	const set = (value: number) => {
		try {
			setPriority(value);
		} catch (error) {
			logInfo(context, `The priority of this process stays as it is: ${toErrorRecord(error).message}`);
		}
	};
	set(level);
	try {
		return await work(context);
	} finally {
		set(before);
	}
}
