import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkTypes, parseRunLink, runLink, shortcutFile } from '../../../../src/extension/schedule/shortcut.ts';

describe('links', () => {
	it('come back as they were made', () => {
		fc.assert(
			fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.constantFrom(...linkTypes), (definition, type) => {
				const url = new URL(runLink('vscode', { definition, type }));
				expect(url.protocol).toBe('vscode:');
				expect(url.host).toBe('afterimage.afterimage');
				expect(parseRunLink(url.pathname, url.search.slice(1))).toEqual({ definition, type });
			}),
		);
	});

	it.each([
		['/run', ''],
		['/run', 'definition='],
		['/run', 'definition=/a.xml&type=everything'],
		['/delete', 'definition=/a.xml'],
	])('%s?%s says nothing', (path, query) => {
		expect(parseRunLink(path, query)).toBeUndefined();
	});

	it('without a type mean the automatic one', () => {
		expect(parseRunLink('/run', 'definition=/a.xml')).toEqual({ definition: '/a.xml', type: 'auto' });
	});
});

describe('shortcutFile', () => {
	const link = runLink('vscode', { definition: '/my disks/ä.xml', type: 'auto' });

	it('is a desktop entry on Linux, with doubled percent signs', () => {
		const { extension, text, executable } = shortcutFile('linux', 'My\ndisk', link);
		expect([extension, executable]).toEqual(['desktop', true]);
		expect(text).toContain('Name=My disk\n');
		const exec = /^Exec=xdg-open "(.*)"$/m.exec(text)![1]!;
		expect(exec.replaceAll('%%', '%')).toBe(link);
		expect(exec).not.toMatch(/(?<!%)%(?!%)/);
	});

	it('is an internet shortcut on Windows and a location file on macOS', () => {
		expect(shortcutFile('win32', 'x', link).text).toBe(`[InternetShortcut]\r\nURL=${link}\r\n`);
		expect(shortcutFile('darwin', 'x', link).text).toContain('%2Fmy%20disks%2F%C3%A4.xml&amp;type=auto');
	});
});
