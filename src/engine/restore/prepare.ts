import { AfterimageError } from '../../base/errors.ts';
import { checkNumber } from '../load/load-plan.ts';
import type { OpenDisk } from '../ports/disk-port.ts';
import type { Ports } from '../ports.ts';
import type { RestoreRequest } from '../requests/restore.ts';
import { targetKind } from './target/choose-target.ts';
import { expectConfirmed } from './target/confirmed-disk.ts';
import { noGrowth } from './table/grown-end.ts';
import { noShrinking } from './table/no-shrinking.ts';
import { checkShrinking } from './shrink/candidates.ts';
import { expectShrinking } from './shrink/plan-smaller.ts';
import { noNewIds } from './table/new-ids.ts';
import { prepareDisk } from './prepare-disk.ts';
import { prepareInPartition } from './prepare-in-partition.ts';
import { prepareVolume } from './prepare-volume.ts';
import type { RestorePlan } from './restore-plan.ts';
import type { RestoreSource, TargetAccess } from './restore-source.ts';

/**
 * Checks the target in every way, opens it, and plans what is written around the data. Whoever calls closes the target.
 * @throws AfterimageError whatever can be refused: `target-too-small`, `target-in-use`, `invalid-argument`, …
 */
export async function preparePlan<Made>(
	request: RestoreRequest,
	source: RestoreSource,
	access: TargetAccess<Made>,
	ports: Ports,
): Promise<RestorePlan<Made | OpenDisk>> {
	checkPlaces(request, source);
	checkShrinking(request);
	if (request.shrink !== undefined) expectShrinking(ports);
	const kind = await targetKind(request.target, ports);
	if (request.onlyNew === true && kind.kind !== 'new') throw unconfirmed(request.target);
	if (request.confirmed !== undefined && kind.kind === 'disk') expectConfirmed(kind.device, request.confirmed);
	if (request.into?.kind === 'partition') {
		return prepareInPartition(request, request.into.number, kind, source, access, ports);
	}
	if (kind.kind === 'partition' && request.newDiskId) throw noNewIds(`${kind.path} is a partition`);
	if (kind.kind === 'partition' && request.grow !== undefined) throw noGrowth(`${kind.path} is a partition`);
	if (kind.kind === 'partition' && request.shrink !== undefined) throw noShrinking(`${kind.path} is a partition`);
	if (request.into !== undefined || kind.kind === 'partition') {
		return prepareVolume(request, kind, source, access, ports);
	}
	return prepareDisk(request, kind, source, access, ports);
}

function unconfirmed(target: string): AfterimageError {
	return new AfterimageError('target-in-use', `${target}: expected nothing there, found what nobody has confirmed`, {
		advice: 'Choose it again, and confirm by its name that it is overwritten.',
		details: { target },
	});
}

/** @throws AfterimageError `invalid-argument` for wishes that contradict each other or the image */
function checkPlaces({ into, grow, newDiskId }: RestoreRequest, { chain, place, loads }: RestoreSource): void {
	if (grow !== undefined) {
		if (into !== undefined) throw noGrowth('The target keeps its partition table');
		checkNumber(chain.manifest.disks[place]!, grow);
		if (!loads.some(({ partition }) => partition._header.partition_number === grow)) {
			throw new AfterimageError('invalid-argument', `Partition ${grow} is to grow, but is not restored`, {
				advice: `Choose it with --partition ${grow} too.`,
			});
		}
	}
	if (into !== undefined && newDiskId) throw noNewIds('The target keeps its partition table');
}
