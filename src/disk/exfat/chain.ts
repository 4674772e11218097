import type { ByteSource } from '../../base/bytes.ts';
import { damaged } from '../../base/errors.ts';
import { AllocationTable } from '../fat-family/allocation-table.ts';
import { followChain } from '../fat-family/cluster-chain.ts';
import type { ClusterRuns } from '../fat-family/cluster-runs.ts';
import type { ExfatGeometry } from './boot-sector.ts';

/** The FAT in use. */
export function exfatTable(volume: ByteSource, { fatOffset, clusterCount }: ExfatGeometry): AllocationTable {
	return new AllocationTable(volume, { kind: 'exFAT', offset: fatOffset, clusterCount });
}

/**
 * The clusters of a chain that has to end as it should: those of the volume's own structures.
 * @param what whose chain it is, for messages
 * @param most clusters that the chain may have; a longer one has a loop or belongs to something else
 * @throws AfterimageError `structure-damaged`
 */
export async function soundChain(
	table: AllocationTable,
	what: string,
	first: number,
	most: number,
	signal: AbortSignal | undefined,
): Promise<ClusterRuns> {
	const { runs, ended, damage } = await followChain(table, what, first, most, signal);
	if (damage !== undefined) throw damage;
	if (ended) return runs;
	throw damaged('structure-damaged', `exFAT chain of ${what}`, table.locate(first), `at most ${most} clusters`, 'more');
}
