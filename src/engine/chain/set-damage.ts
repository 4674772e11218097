import { damagedLastPart, type BackupSet, type RestorePoint } from '../../image/set/backup-set.ts';
import { numbersOfName } from '../../image/set/file-name.ts';
import { damagedPhrase, missingPhrases } from '../../image/set/missing-files.ts';

/** What is wrong with a set as far as the tails of its files tell, in words; empty when nothing is. */
export function setDamage(set: BackupSet): string[] {
	const missing = set.points.flatMap((point) => point.missing);
	const gone = missing.filter((file) => file.damaged === undefined);
	const fullIsNamed = missing.some(
		({ fileNumber, name, damaged }) =>
			fileNumber === 0 || numbersOfName(damaged?.name ?? name ?? '')?.incrementNumber === 0,
	);
	const inPoints = new Set(set.points.flatMap((point) => point.parts));
	const loose = set.members.filter((member) => !inPoints.has(member));
	return [
		...(set.points[0]?.type === 'full' || fullIsNamed ? [] : ['its full is missing']),
		...missingPhrases(gone),
		...set.damaged.map(damagedPhrase),
		...loose.map((member) => {
			const last = damagedLastPart(set, member) === undefined ? 'missing' : 'damaged';
			return `${member.name} belongs to a split backup whose last part is ${last}`;
		}),
	];
}

/** What a point lacks, in words; undefined when nothing is known to be amiss. */
export function pointDamage(set: BackupSet, point: RestorePoint): string | undefined {
	if (point.missing.length > 0) return missingPhrases(point.missing).join('; ');
	if (point.type !== 'full' && point.parent === undefined) return `the full of set ${set.imageid} is missing`;
	return undefined;
}
