import { AfterimageError, toErrorRecord } from '../../base/errors.ts';

/**
 * Loads a module that binds the system's libraries.
 * @throws AfterimageError `not-supported` where this copy of the program was made for another system or processor
 */
export async function loadNative<T>(
	load: () => Promise<T>,
	target = `${process.platform}-${process.arch}`,
): Promise<T> {
	try {
		return await load();
	} catch (error) {
		// koffi asks then whether it was bundled correctly.
		if (!/native Koffi module/i.test(toErrorRecord(error).message)) throw error;
		throw new AfterimageError('not-supported', `This copy of Afterimage is for another system than ${target}`, {
			advice: `Install the package for ${target}: npm run package -- --target ${target} makes one where there is none.`,
			details: { target },
			cause: error,
		});
	}
}
