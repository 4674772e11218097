import type { BackupSet, RestorePoint } from '../../image/backup-set.ts';

/** What is wrong with a set as far as the tails of its files tell, in words; empty when nothing is. */
export function setDamage(set: BackupSet): string[] {
	const missing = new Map(
		set.points.flatMap((point) =>
			point.missing.map((file) => [file.fileNumber, file.path ?? `the file with number ${file.fileNumber}`] as const),
		),
	);
	const inPoints = new Set(set.points.flatMap((point) => point.parts));
	const loose = set.members.filter((member) => !inPoints.has(member));
	return [
		...(set.points[0]?.type === 'full' ? [] : ['its full is missing']),
		...[...missing.values()].map((name) => `${name} is missing`),
		...set.damaged.map((file) => `${file.name} cannot be read: ${file.error.message}`),
		...loose.map((member) => `${member.name} belongs to a split backup whose last part is missing`),
	];
}

/** What a point lacks, in words; undefined when nothing is known to be amiss. */
export function pointDamage(set: BackupSet, point: RestorePoint): string | undefined {
	if (point.missing.length > 0) {
		const names = point.missing.map((file) => file.path ?? `the file with number ${file.fileNumber}`);
		return `missing: ${names.join(', ')}`;
	}
	if (point.type !== 'full' && point.parent === undefined) return `the full of set ${set.imageid} is missing`;
	return undefined;
}
