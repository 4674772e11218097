import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameRules, targetNames, type NameRules } from '../../../../src/engine/extract/target-names.ts';

const linux: NameRules = { windows: false, caseSensitive: true, longest: 255 };
const windows: NameRules = { windows: true, caseSensitive: false, longest: 765 };

describe('names where files are extracted', () => {
	it('are their own where the file system takes them', () => {
		const names = ['a', 'A', 'con', 'a:b', 'end.', 'x\\y', '日本語'];
		expect(targetNames(names, linux)).toEqual(names);
	});

	it('are such as Windows takes, each another one', () => {
		expect(
			targetNames(['a<b>:"|?*\\c\x01', 'end.', 'end ', 'con', 'Com1.txt', 'LPT².x.y', 'console'], windows),
		).toEqual(['a_b_______c_', 'end_', 'end_ (2)', '_con', '_Com1.txt', '_LPT².x.y', 'console']);
		expect(targetNames(['Read.me', 'README', 'read.ME', 'readme'], windows)).toEqual([
			'Read.me',
			'README',
			'read (2).ME',
			'readme (2)',
		]);
	});

	it('leave those theirs that need no change', () => {
		expect(targetNames(['a:b', 'a_b'], windows)).toEqual(['a_b (2)', 'a_b']);
	});

	it('are cut where they are too long, before their extension', () => {
		const [one, two] = targetNames([`${'語'.repeat(200)}.txt`, `${'語'.repeat(201)}.txt`], linux);
		expect(one).toBe(`${'語'.repeat(83)}.txt`);
		expect(two).toBe(`${'語'.repeat(82)} (2).txt`);
	});

	it('never lead out of the folder', () => {
		expect(targetNames(['', '.', '..', 'a/b', 'a\0b', '../x'], linux)).toEqual(new Array(6).fill(undefined));
	});

	it('are all different, and none leads elsewhere, whatever names there are', () => {
		const name = fc.oneof(fc.string(), fc.constantFrom('a', 'A', 'con', 'a.', 'a_', 'a (2)', '..', 'ß', 'SS', 'a:b'));
		fc.assert(
			fc.property(fc.array(name, { maxLength: 20 }), fc.constantFrom(linux, windows), (names, rules) => {
				const targets = targetNames(names, rules).filter((one) => one !== undefined);
				const keys = targets.map((one) => (rules.caseSensitive ? one : one.toLowerCase()));
				expect(new Set(keys).size).toBe(targets.length);
				for (const one of targets) {
					expect(['', '.', '..']).not.toContain(one);
					expect(one).not.toMatch(rules.windows ? /[/\0<>:"\\|?*]|[. ]$/ : /[/\0]/);
				}
			}),
		);
	});

	it('are those of Windows on its file systems wherever they are mounted', () => {
		expect(nameRules('ext4', 'linux')).toEqual(linux);
		expect(nameRules('vfat', 'linux')).toMatchObject({ windows: true, caseSensitive: false, longest: 255 });
		expect(nameRules('NTFS', 'win32')).toEqual(windows);
		expect(nameRules('', 'darwin')).toMatchObject({ windows: false, caseSensitive: false });
	});
});
