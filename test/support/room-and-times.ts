import { run } from './run.ts';

/** Room that files take, in 512 bytes, and times of the last access and changes, in milliseconds. */
export async function roomAndTimes(folder: string): Promise<string[]> {
	const { stdout } = await run('find', [folder, '-type', 'f', '-printf', '%b %A@ %C@ %T@ %P\n']);
	return stdout
		.replace(/(\.\d{3})\d+/g, '$1')
		.split('\n')
		.sort();
}
