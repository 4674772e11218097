import { MemoryBytes } from '../../../src/base/bytes.ts';
import { AfterimageError } from '../../../src/base/errors.ts';
import type { ImageFile } from '../../../src/image/file-source.ts';
import { imageFileName } from '../../../src/base/image-file-name.ts';
import { baseNameOf } from '../../../src/image/set/file-name.ts';
import type { ImageFolder } from '../../../src/image/set/image-folder.ts';
import type { ImageOutput } from '../../../src/image/writer.ts';

/** A folder in memory that images are written to and read from. */
export class MemoryFolder implements ImageFolder {
	readonly files = new Map<string, Uint8Array>();

	async list(): Promise<string[]> {
		return [...this.files.keys()];
	}

	async tail(name: string, length: number): Promise<{ size: number; bytes: Uint8Array }> {
		const bytes = this.#bytes(name);
		return { size: bytes.length, bytes: bytes.slice(Math.max(0, bytes.length - length)) };
	}

	async open(name: string): Promise<ImageFile> {
		const memory = new MemoryBytes(this.#bytes(name));
		return { size: memory.size, read: (offset, target) => memory.read(offset, target), close: async () => undefined };
	}

	pathOf(name: string): string {
		return `/images/${name}`;
	}

	copy(): MemoryFolder {
		const other = new MemoryFolder();
		for (const [name, bytes] of this.files) other.files.set(name, new Uint8Array(bytes));
		return other;
	}

	/** Collects what is appended and keeps it under the name that it gives the file. */
	output(nameOf: (fileNumber: number) => string): ImageOutput {
		return {
			begin: async (fileNumber) => {
				const name = nameOf(fileNumber);
				let bytes = new Uint8Array(0);
				const append = async (data: Uint8Array) => {
					bytes = Buffer.concat([bytes, data]);
					this.files.set(name, bytes);
				};
				this.files.set(name, bytes);
				return { sink: { append }, path: this.pathOf(name) };
			},
		};
	}

	names(imageid: string, incrementNumber: number): (fileNumber: number) => string {
		return (fileNumber) => imageFileName(baseNameOf(imageid, ''), incrementNumber, fileNumber);
	}

	#bytes(name: string): Uint8Array {
		const bytes = this.files.get(name);
		if (bytes === undefined) throw new AfterimageError('file-missing', `${name} is not there`);
		return bytes;
	}
}
