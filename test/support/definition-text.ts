export interface DefinitionParts {
	/** `Disk` when absent. */
	readonly name?: string;
	/** What `<sources>` holds. */
	readonly sources: string;
	readonly bootPartitions?: boolean;
	/** Where images go. */
	readonly folder: string;
	/** Elements behind that folder. */
	readonly destination?: string;
	/** Elements behind the destination; they begin on line 6. */
	readonly more?: string;
}

/** A definition as people write it. */
export function definitionText(parts: DefinitionParts): string {
	const { name = 'Disk', sources, bootPartitions = false, folder, destination = '', more = '' } = parts;
	return `<?xml version="1.0" encoding="UTF-8"?>
<backup_definition xmlns="https://afterimage.dev/schema/backup-definition/1">
	<name>${name}</name>
	<sources${bootPartitions ? ' boot_partitions="true"' : ''}>${sources}</sources>
	<destination><folder>${folder}</folder>${destination}</destination>
	${more}
</backup_definition>
`;
}
