/** A folder at which something is mounted that this process serves, in the messages of the kernel's FUSE. */
export interface FolderMount {
	/** Whether the kernel holds modes, owners and access lists against who asks; else only this user gets in, to everything. */
	readonly enforced: boolean;
	/**
	 * The next request of the kernel, valid until the next call; undefined once it was unmounted or closed.
	 * @param isIdle whether this process has nothing else to do, and may wait a moment in its place
	 * @throws Error of the system
	 */
	next(isIdle: () => boolean): Promise<Uint8Array | undefined>;
	/** Answers a request with the bytes of all parts. @returns false when nobody waits for it any more */
	reply(parts: readonly Uint8Array[]): boolean;
	/**
	 * Unmounts. Requests come until the end of it, and have to be answered.
	 * @returns `busy` when somebody still uses it: it is gone from its folder, and ends for them with {@link close}
	 */
	unmount(): Promise<'unmounted' | 'busy' | 'mounted'>;
	/** Ends {@link next}, and what is still open in the folder. A second call does nothing. */
	close(): Promise<void>;
}

/** Mounts that processes serve. They are read-only, and know neither set-user-ID nor devices. */
export interface MountPort {
	/**
	 * @param folder absolute path of an empty folder, without links in it
	 * @param source what is told to be mounted there
	 * @throws AfterimageError `not-supported`, `permission-denied`, `failed`
	 */
	mount(folder: string, source: string): Promise<FolderMount>;
	/** Takes away what a process that has died had mounted at the folder. @returns false when there is no such thing */
	detachDead(folder: string): Promise<boolean>;
}
