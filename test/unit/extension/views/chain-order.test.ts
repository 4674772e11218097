import { describe, expect, it } from 'vitest';
import { chainOf, type ChainNode } from '../../../../src/extension/views/chain-order.ts';
import type { BackupFileInfo, BackupSetInfo, BackupType } from '../../../../src/protocol/backups.ts';

/** A set from a word: F, D and I in the order of their making. */
function setOf(word: string): BackupSetInfo {
	const types: Record<string, BackupType> = { F: 'full', D: 'diff', I: 'inc' };
	const files = [...word].map(
		(letter, index) =>
			({ name: `${letter}${index}`, type: types[letter], incrementNumber: index, fileNumber: index }) as BackupFileInfo,
	);
	return { files } as unknown as BackupSetInfo;
}

function drawn(nodes: readonly ChainNode[]): string {
	return nodes.map(({ file, children }) => file.name + (children.length > 0 ? `(${drawn(children)})` : '')).join(' ');
}

describe('chainOf', () => {
	it.each([
		['F', 'F0'],
		['FIII', 'F0(I1 I2 I3)'],
		['FIDIIDI', 'F0(I1 D2(I3 I4) D5(I6))'],
		['DI', 'D0(I1)'],
		['II', 'I0 I1'],
		['FF', 'F0 F1'],
		['', ''],
	])('draws %s as %s', (word, picture) => {
		expect(drawn(chainOf(setOf(word)))).toBe(picture);
	});

	it('goes by the numbers, not by the order it is given', () => {
		const set = setOf('FID');
		expect(drawn(chainOf({ ...set, files: [...set.files].reverse() }))).toBe('F0(I1 D2)');
	});
});
