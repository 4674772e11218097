import { agedBy, backupsOf, bytesOf, filesOf, readChain, tipOf, type Chain } from './chain.ts';
import { pausesOf, type Pause } from './pauses.ts';
import type { BackupSet, ReasonWording, RetentionNote, RetentionStep } from './types.ts';
import { reasonOf } from './words.ts';

/** What the rules of one run look at. */
export interface Scope {
	/** The set in use first, then the others, newest first. */
	readonly chains: readonly Chain[];
	/** Times without backups that make none of them older. */
	readonly pauses: readonly Pause[];
	readonly isProtected: (chain: Chain) => boolean;
}

/**
 * The set in use: of the matching sets the one with the newest backup. The coming backup joins it, or the one just made
 * did. It counts as the newest of all, and no rule by age takes its newest restore point.
 */
export function inUse(chains: readonly Chain[]): Chain | undefined {
	return chains.find((chain) => chain.set.matching);
}

/** The chains that rules of this scope are about, and a note for each set that is left alone because it is damaged. */
export function readScope(input: {
	readonly sets: readonly BackupSet[];
	readonly rules: { readonly scope: 'matching' | 'all' };
	readonly protect?: readonly string[] | undefined;
	readonly now: number;
}): { scope: Scope; damaged: RetentionNote[] } {
	const damaged: RetentionNote[] = [];
	const chains: Chain[] = [];
	for (const set of input.sets) {
		if (input.rules.scope === 'matching' && !set.matching) continue;
		const chain = readChain(set, input.now);
		if ('damage' in chain) {
			damaged.push({
				setId: set.id,
				text: `Backup set ${set.id} is left alone and not counted: ${chain.damage}.`,
			});
		} else {
			chains.push(chain);
		}
	}
	const begun = ({ set, full }: Chain) => (set.time > input.now ? Math.min(set.time, full.time) : set.time);
	chains.sort((a, b) => begun(b) - begun(a) || (a.set.id < b.set.id ? 1 : -1));
	// Not always the one that was begun last: that one may have been elsewhere when the newest backup was made.
	const [used] = chains.filter((chain) => chain.set.matching).sort((a, b) => tipOf(b).time - tipOf(a).time);
	if (used !== undefined) chains.sort((a, b) => Number(b === used) - Number(a === used));
	const protect = new Set(input.protect ?? []);
	const pauses = pausesOf(
		chains.flatMap((chain) => backupsOf(chain).map(({ time }) => time)),
		input.now,
	);
	const aged = chains.map((chain) => agedBy(chain, pauses));
	return { scope: { chains: aged, pauses, isProtected: (chain) => protect.has(chain.set.id) }, damaged };
}

/** Deletes a whole set, leftovers included. */
export function deleteSet(chain: Chain, why: ReasonWording): RetentionStep {
	const files = [...filesOf(backupsOf(chain)), ...chain.leftovers].sort((a, b) => b.fileNumber - a.fileNumber);
	return { kind: 'delete-set', setId: chain.set.id, files, bytesFreed: bytesOf(files), ...reasonOf(why) };
}

/** Removes what interrupted merges left behind. */
export function planLeftovers(scope: Scope): RetentionStep[] {
	return scope.chains
		.filter((chain) => chain.leftovers.length > 0 && !scope.isProtected(chain))
		.map((chain) => {
			const files = [...chain.leftovers].sort((a, b) => b.fileNumber - a.fileNumber);
			return {
				kind: 'delete-leftovers',
				setId: chain.set.id,
				files,
				bytesFreed: bytesOf(files),
				...reasonOf((t) =>
					t('A merge that was interrupted has already copied these files into an older one of the set.'),
				),
			};
		});
}
