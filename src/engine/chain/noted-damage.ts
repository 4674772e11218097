import { lineage, type RestorePoint } from '../../image/set/backup-set.ts';
import { verifiedOn, wasDamaged, type VerifiedNotes } from '../verified-record.ts';

/**
 * What makes a backup one that a restore cannot rely on, as far as its folder has noted what verifications found, in words:
 * of it and those it stands on, the newest that was looked at was damaged. Undefined when it was sound, or none was looked
 * at. That one stands on a damaged backup does no harm once it was verified itself: it may have every block anew.
 */
export function notedDamage(point: RestorePoint, noted: VerifiedNotes): string | undefined {
	for (const { member } of lineage(point)) {
		if (wasDamaged(noted, member)) return `${member.name} was found damaged when it was last verified`;
		if (verifiedOn(noted, member) !== undefined) return undefined;
	}
	return undefined;
}
