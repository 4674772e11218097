import { damaged, type AfterimageError } from '../../base/errors.ts';
import type { AllocationTable, TablePiece } from './allocation-table.ts';
import { ClusterRuns } from './cluster-runs.ts';

export interface ClusterChain {
	readonly runs: ClusterRuns;
	/** It came to its end mark; false as well when it was left after as many clusters as were asked for. */
	readonly ended: boolean;
	/** Why it leads no further than its runs. */
	readonly damage: AfterimageError | undefined;
}

/**
 * Follows a chain as far as it leads.
 * @param what whose chain it is, for messages
 * @param most clusters after which it is left; a circle is found out after three times its way at the latest
 * @throws AfterimageError `read-error`, `cancelled`, `not-supported` for too many pieces
 */
export async function followChain(
	table: AllocationTable,
	what: string,
	first: number,
	most: number,
	signal: AbortSignal | undefined,
): Promise<ClusterChain> {
	const runs = new ClusterRuns();
	let at: number | undefined;
	let piece: TablePiece | undefined;
	let cluster = first;
	// Brent's way to find a circle: wait at a cluster, each time twice as long, for the chain to come by again.
	let awaited = first;
	let moveOn = 1;
	for (;;) {
		if (!table.isCluster(cluster)) {
			const { kind, clusterCount } = table.shape;
			const where =
				at === undefined ? `${kind}: first cluster of ${what}` : `${kind} entry of cluster ${at} of ${what}`;
			const expected = `a cluster from 2 to ${clusterCount + 1}${at === undefined ? '' : ' or an end mark'}`;
			const damage = damaged('structure-damaged', where, table.locate(at ?? 0), expected, table.describe(cluster));
			return { runs, ended: false, damage };
		}
		if (runs.clusters === most) return { runs, ended: false, damage: undefined };
		runs.add(cluster);
		if (piece === undefined || cluster < piece.first || cluster >= piece.end)
			piece = await table.piece(cluster, signal);
		at = cluster;
		cluster = table.entry(piece, cluster);
		if (table.endsChain(cluster)) return { runs, ended: true, damage: undefined };
		if (cluster === awaited) {
			const where = `${table.shape.kind} chain of ${what}`;
			const expected = `at most ${most} clusters`;
			const damage = damaged('structure-damaged', where, table.locate(at), expected, 'a circle');
			return { runs, ended: false, damage };
		}
		if (runs.clusters === moveOn) {
			awaited = cluster;
			moveOn *= 2;
		}
	}
}

/**
 * The first `needed` clusters of a chain, which may be longer.
 * @throws AfterimageError `structure-damaged` when it has fewer or runs in a circle, and as {@link followChain}
 */
export async function wholeChain(
	table: AllocationTable,
	what: string,
	first: number,
	needed: number,
	signal: AbortSignal | undefined,
): Promise<ClusterRuns> {
	const { runs, damage } = await followChain(table, what, first, needed, signal);
	if (damage !== undefined && runs.clusters < needed) throw damage;
	const problem = (expected: string, found: string) =>
		damaged('structure-damaged', `${table.shape.kind} chain of ${what}`, table.locate(first), expected, found);
	if (runs.clusters < needed) throw problem(`${needed} clusters`, `${runs.clusters}`);
	if (runs.repeats()) throw problem(`${needed} clusters`, 'a circle');
	return runs;
}
