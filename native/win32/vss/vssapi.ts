import { guidFromBytes } from '../../../src/base/guid.ts';
import { struct, u32, bytes, u64big } from '../../../src/base/struct.ts';
import {
	ComObject,
	HResultError,
	initialiseCom,
	method,
	PointerOut,
	succeeded,
	takeText,
	wideText,
} from '../api/com.ts';
import { systemLibrary } from '../api/system-library.ts';

/**
 * The requester's side of the Volume Shadow Copy Service. Places in the tables of methods are those of vsbackup.h and
 * vss.h of the Windows SDK, IVssBackupComponents and IVssAsync; values are those of vss.h and vsserror.h.
 */

const components = {
	initializeForBackup: method('InitializeForBackup', 5, 'void *'),
	setBackupState: method('SetBackupState', 6, 'bool', 'bool', 'int32', 'bool'),
	gatherWriterMetadata: method('GatherWriterMetadata', 9, 'void *'),
	freeWriterMetadata: method('FreeWriterMetadata', 12),
	prepareForBackup: method('PrepareForBackup', 14, 'void *'),
	abortBackup: method('AbortBackup', 15),
	gatherWriterStatus: method('GatherWriterStatus', 16, 'void *'),
	getWriterStatusCount: method('GetWriterStatusCount', 17, 'void *'),
	freeWriterStatus: method('FreeWriterStatus', 18),
	getWriterStatus: method('GetWriterStatus', 19, 'uint32', 'void *', 'void *', 'void *', 'void *', 'void *'),
	backupComplete: method('BackupComplete', 27, 'void *'),
	setContext: method('SetContext', 35, 'int32'),
	startSnapshotSet: method('StartSnapshotSet', 36, 'void *'),
	addToSnapshotSet: method('AddToSnapshotSet', 37, 'str16', 'GUID', 'void *'),
	doSnapshotSet: method('DoSnapshotSet', 38, 'void *'),
	deleteSnapshots: method('DeleteSnapshots', 39, 'GUID', 'int32', 'int32', 'void *', 'void *'),
	getSnapshotProperties: method('GetSnapshotProperties', 42, 'GUID', 'void *'),
	isVolumeSupported: method('IsVolumeSupported', 44, 'GUID', 'str16', 'void *'),
};
const operation = {
	cancel: method('Cancel', 3),
	wait: method('Wait', 4, 'uint32'),
	queryStatus: method('QueryStatus', 5, 'void *', 'void *'),
};

/** Backup with writers; the copies are released with the object, also when the process dies. */
const VSS_CTX_BACKUP = 0;
/**
 * A copy leaves the state of applications as it is: with VSS_BT_FULL they would take the image for their own backup,
 * and databases would cut their logs off (VSS_BACKUP_TYPE, vss.h).
 */
const VSS_BT_COPY = 5;
const VSS_OBJECT_SNAPSHOT_SET = 2;

export const VSS_S_ASYNC_PENDING = 0x42309;
export const VSS_S_ASYNC_FINISHED = 0x4230a;

/** 16 bytes of an identifier that VSS gives out. */
export type VssId = Uint8Array;
const anyProvider = new Uint8Array(16);

/** VSS_SNAPSHOT_PROP of vss.h as 64-bit compilers lay it out; pointers to texts that VssFreeSnapshotProperties frees. */
const SnapshotProperties = struct('VSS_SNAPSHOT_PROP', 0x80, {
	snapshotId: bytes(0x00, 16),
	setId: bytes(0x10, 16),
	snapshotsCount: u32(0x20),
	deviceObject: u64big(0x28),
	originalVolume: u64big(0x30),
	originatingMachine: u64big(0x38),
	serviceMachine: u64big(0x40),
	exposedName: u64big(0x48),
	exposedPath: u64big(0x50),
	providerId: bytes(0x58, 16),
	attributes: u32(0x68),
	creationTimestamp: u64big(0x70),
	status: u32(0x78),
});

export interface WriterStatus {
	readonly name: string;
	/** VSS_WRITER_STATE: from 6 (failed at identify) to 15 (failed at shutdown) it has failed. */
	readonly state: number;
	/** HRESULT of the writer, unsigned; 0 = none. */
	readonly failure: number;
}

type Create = (object: Buffer) => number;
type Free = (properties: Uint8Array) => void;

/** Both names are there since Windows Vista: that of vsbackup.h's inline function, and that of the C++ function. */
const createNames = [
	'CreateVssBackupComponentsInternal',
	'?CreateVssBackupComponents@@YAJPEAPEAVIVssBackupComponents@@@Z',
];
const freeNames = ['VssFreeSnapshotPropertiesInternal', 'VssFreeSnapshotProperties'];

let loaded: { readonly create: Create; readonly free: Free } | undefined;

/** @throws Error when this Windows has no such library (Windows PE without the component) */
function library(): { readonly create: Create; readonly free: Free } {
	if (loaded !== undefined) return loaded;
	const dll = systemLibrary('vssapi.dll');
	const find = (names: readonly string[], result: string) => {
		for (const name of names) {
			try {
				return dll.func('__stdcall', name, result, ['void *']) as unknown;
			} catch {
				// The other name is tried.
			}
		}
		throw new Error(`vssapi.dll has no ${names[0]}`);
	};
	return (loaded = { create: find(createNames, 'int32') as Create, free: find(freeNames, 'void') as Free });
}

/** A step that the service takes by itself. Release it when it is over. */
export class VssAsync extends ComObject {
	cancel(): void {
		this.call(operation.cancel);
	}

	/** Waits without holding this thread, at most so many milliseconds. */
	async wait(milliseconds: number): Promise<void> {
		await this.callAside(operation.wait, milliseconds);
	}

	/** VSS_S_ASYNC_… or the unsigned value of the error, or of the cancelling (0x4230b), with which the step has ended. */
	status(): number {
		const value = Buffer.alloc(4);
		this.call(operation.queryStatus, value, null);
		return value.readUInt32LE(0);
	}
}

/** One backup, from its beginning to its end: such an object cannot be used twice. */
export class BackupComponents extends ComObject {
	/** Made and initialised, for an image of whole volumes without selecting components. @throws HResultError, Error */
	static create(): BackupComponents {
		const { create } = library();
		initialiseCom();
		const object = new PointerOut();
		succeeded('CreateVssBackupComponents', create(object.memory));
		const made = new BackupComponents(object.value);
		try {
			made.call(components.initializeForBackup, null);
			made.call(components.setContext, VSS_CTX_BACKUP);
			// No components are selected, bootable system state is in it, no partial files.
			made.call(components.setBackupState, false, true, VSS_BT_COPY, false);
			return made;
		} catch (error) {
			made.release();
			throw error;
		}
	}

	gatherWriterMetadata(): VssAsync {
		return this.#step(components.gatherWriterMetadata);
	}

	freeWriterMetadata(): void {
		this.call(components.freeWriterMetadata);
	}

	/** @param volume GUID path with its last backslash */
	isVolumeSupported(volume: string): boolean {
		const value = Buffer.alloc(4);
		this.call(components.isVolumeSupported, anyProvider, volume, value);
		return value.readInt32LE(0) !== 0;
	}

	startSnapshotSet(): VssId {
		const id = Buffer.alloc(16);
		this.call(components.startSnapshotSet, id);
		return id;
	}

	addToSnapshotSet(volume: string): VssId {
		const id = Buffer.alloc(16);
		this.call(components.addToSnapshotSet, volume, anyProvider, id);
		return id;
	}

	prepareForBackup(): VssAsync {
		return this.#step(components.prepareForBackup);
	}

	doSnapshotSet(): VssAsync {
		return this.#step(components.doSnapshotSet);
	}

	gatherWriterStatus(): VssAsync {
		return this.#step(components.gatherWriterStatus);
	}

	/** After {@link gatherWriterStatus}, whose memory is freed. */
	writerStatuses(): WriterStatus[] {
		const count = Buffer.alloc(4);
		this.call(components.getWriterStatusCount, count);
		const found: WriterStatus[] = [];
		const [instance, writer, state, failure] = [16, 16, 4, 4].map((size) => Buffer.alloc(size)) as [
			Buffer,
			Buffer,
			Buffer,
			Buffer,
		];
		for (let i = 0; i < count.readUInt32LE(0); i++) {
			const name = new PointerOut();
			this.call(components.getWriterStatus, i, instance, writer, name.memory, state, failure);
			found.push({
				name: takeText(name.value) || guidFromBytes(writer),
				state: state.readInt32LE(0),
				failure: failure.readUInt32LE(0),
			});
		}
		this.call(components.freeWriterStatus);
		return found;
	}

	/** Path of the shadow copy's device. */
	deviceOf(snapshot: VssId): string {
		const memory = Buffer.alloc(SnapshotProperties.size);
		this.call(components.getSnapshotProperties, snapshot, memory);
		try {
			return wideText(new SnapshotProperties(memory).deviceObject);
		} finally {
			library().free(memory);
		}
	}

	backupComplete(): VssAsync {
		return this.#step(components.backupComplete);
	}

	abortBackup(): void {
		this.call(components.abortBackup);
	}

	/** @throws HResultError when one of them is still there */
	deleteSnapshots(set: VssId): void {
		this.call(components.deleteSnapshots, set, VSS_OBJECT_SNAPSHOT_SET, 1, Buffer.alloc(4), Buffer.alloc(16));
	}

	#step(what: (typeof components)[keyof typeof components]): VssAsync {
		const object = new PointerOut();
		this.call(what, object.memory);
		if (object.value === 0n) throw new HResultError(what.name, 0x8000ffff);
		return new VssAsync(object.value);
	}
}
