import { describe, expect, it } from 'vitest';
import { SourceDescriptors } from '../../../../src/engine/pipeline/worker/source-descriptors.ts';

const size = 100;

function scene() {
	const open = new Map<number, string>();
	let last = 10;
	const descriptors = new SourceDescriptors({
		open(path) {
			if (path === '/gone') throw Object.assign(new Error('ENOENT: no such file or directory'), { code: 'ENOENT' });
			open.set(++last, path);
			return { fd: last, size: path === '/longer' ? size + 1 : size };
		},
		close: (fd) => expect(open.delete(fd)).toBe(true),
	});
	return {
		descriptors,
		opened: () => [...open.values()],
		of: (path: string) => descriptors.of({ fd: undefined, path, size }),
	};
}

describe('descriptors of source files', () => {
	it('are those that the job gives', () => {
		const { descriptors, opened } = scene();
		expect(descriptors.of({ fd: 3, path: '/a', size })).toBe(3);
		descriptors.release();
		expect(opened()).toEqual([]);
	});

	it('are opened one at a time where the job gives none', () => {
		const { descriptors, of, opened } = scene();
		expect(of('/a')).toBe(of('/a'));
		of('/b');
		expect(opened()).toEqual(['/b']);
		descriptors.release();
		descriptors.release();
		expect(opened()).toEqual([]);
		of('/b');
		expect(opened()).toEqual(['/b']);
	});

	it('are refused for a file that is no longer the one that was planned with', () => {
		const { of, opened } = scene();
		expect(() => of('/longer')).toThrow('/longer: expected 100 bytes, found 101');
		expect(opened()).toEqual([]);
		expect(() => of('/gone')).toThrow('/gone: no such file or directory');
	});
});
