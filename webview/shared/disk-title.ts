import { visible } from '../../src/base/visible.ts';
import { t } from './l10n.ts';
import { formatBytes } from './quantities.ts';

interface NamedDisk {
	readonly table: 'gpt' | 'mbr' | 'none';
	/** Counted from 0. */
	readonly number: number;
	/** Signature or GUID; empty when it has none or it is left out. */
	readonly id: string;
	/** Model of a disk or path of a raw file; empty when unknown. */
	readonly name: string;
}

/** `GPT Disk 1 [FBC48937-…] - SAMSUNG …`. */
export function diskName({ table, number, id, name }: NamedDisk): string {
	const kind = table === 'none' ? '' : `${table.toUpperCase()} `;
	return `${kind}${t('Disk {0}', number + 1)}${id === '' ? '' : ` [${id}]`}${name === '' ? '' : ` - ${visible(name)}`}`;
}

/** `GPT Disk 1 [FBC48937-…] - SAMSUNG … <238.47 GB>`. @param disk `size` in bytes */
export function diskTitle(disk: NamedDisk & { readonly size: number }): string {
	return `${diskName(disk)} <${formatBytes(disk.size)}>`;
}
