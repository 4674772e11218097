import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openChain } from '../../../src/image/set/chain.ts';
import { changed, someChanges, someDisks, someKind } from './arbitrary.ts';
import { backUp, codec, onlySet, type ModelDisk } from './backups.ts';
import { expectChain, expectNaive } from './expect-state.ts';
import { MemoryFolder } from './memory-folder.ts';
import { readBack } from './pieces.ts';

const someHistory = fc.array(
	fc.record({ type: fc.constantFrom('inc' as const, 'inc' as const, 'diff' as const), changes: someChanges }),
	{ maxLength: 5 },
);

it('restores every point of every chain, read by us and by a reader that knows only the format', async () => {
	await fc.assert(
		fc.asyncProperty(someKind, someDisks, someHistory, async (kind, first, history) => {
			const folder = new MemoryFolder();
			const states: ModelDisk[][] = [first];
			let files = await backUp(folder, kind, 'full', first);
			for (const { type, changes } of history) {
				states.push(changed(states.at(-1)!, changes));
				files = await backUp(folder, kind, type, states.at(-1)!);
			}
			for (const file of files) {
				const name = file.path.slice(file.path.lastIndexOf('/') + 1);
				await readBack(folder, name, file);
				if (kind.splitSize !== undefined && file.dataEnd > 4200) expect(file.size).toBeLessThan(kind.splitSize + 4200);
			}
			const set = await onlySet(folder);
			expect(set.points.map((point) => point.type)).toEqual(['full', ...history.map((step) => step.type)]);
			expect(set.points.flatMap((point) => point.missing)).toEqual([]);
			for (const [i, point] of set.points.entries()) {
				expectNaive(folder, point.member.name, states[i]!, kind.password);
				const chain = await openChain(folder, set, point, { codec, password: kind.password });
				await expectChain(folder, chain, states[i]!);
			}
		}),
		{ numRuns: 150 },
	);
});
