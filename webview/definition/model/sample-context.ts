import type { ParameterContext } from '../../../src/definition/parameters.ts';
import type { Form } from '../form.ts';

/** What file-name parameters stand for in the preview: this computer, now, a full backup; the image id stays as it is written. */
export function parameterContext({ facts, definition, rows, now }: Form): ParameterContext {
	const chosen = rows.filter((row) => row.partitions.some(({ selected }) => selected) || row.whole);
	return {
		imageId: '{IMAGEID}',
		time: now,
		zone: definition.scheduling.timeZone ?? facts.timeZone,
		computerName: facts.computerName,
		userName: facts.userName,
		backupType: 'full',
		disks: chosen.map((row, index) => (row.disk === undefined ? index + 1 : row.disk.number + 1)),
		volumes: chosen.flatMap((row) =>
			row.partitions
				.filter(({ selected }) => selected)
				.flatMap(({ partition }) => partition?.mountedAt.slice(0, 1) ?? []),
		),
		version: facts.product,
	};
}
