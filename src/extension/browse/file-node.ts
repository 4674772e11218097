import type { BackedUpFile, BackedUpPartition, FilePlace } from '../../protocol/files.ts';

/** What the view Files in Backup shows as an item. */
export type FileNode =
	| {
			readonly kind: 'partition';
			readonly place: FilePlace;
			readonly partition: BackedUpPartition;
			/** Whether other disks have partitions in the backup, or this is the only one with files. */
			readonly severalDisks: boolean;
			readonly only: boolean;
	  }
	| { readonly kind: 'file'; readonly place: FilePlace; readonly file: BackedUpFile }
	| { readonly kind: 'problem'; readonly text: string; readonly detail: string };
