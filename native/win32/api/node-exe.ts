import koffi from 'koffi';
import { invalidHandle } from './kernel32.ts';

/** What the running program itself exports: libuv's calls, which node.exe and Electron have for add-ons. */
function find(): ((fd: number) => number) | undefined {
	try {
		return koffi.load(null).func('intptr_t uv_get_osfhandle(int fd)');
	} catch {
		return undefined;
	}
}

const uvGetOsfhandle = find();

/** The handle of the system behind a descriptor of Node; the invalid one, which every call refuses, where it cannot be known. */
export function handleOf(fd: number): number {
	return uvGetOsfhandle?.(fd) ?? invalidHandle;
}
