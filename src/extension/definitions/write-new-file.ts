import { open, rm } from 'node:fs/promises';

/**
 * Writes a file that nobody but the user may write, and that is not there yet: one that is stays as it is. What could not
 * be written whole is removed again, since a beginning of it would be taken for the file, and keep its name.
 * @throws Error of the system, such as EEXIST and ENOSPC
 */
export async function writeNewFile(path: string, text: string): Promise<void> {
	const file = await open(path, 'wx', 0o600);
	try {
		await file.writeFile(text);
	} catch (error) {
		await rm(path, { force: true });
		throw error;
	} finally {
		await file.close();
	}
}
