/**
 * POSIX access control lists as Linux hands them out (`linux/posix_acl_xattr.h`). File systems store them in forms of
 * their own.
 */
export const accessListNames = { access: 'system.posix_acl_access', default: 'system.posix_acl_default' } as const;

/** Whom an entry is about. */
const aclTag = {
	userObject: 0x01,
	user: 0x02,
	groupObject: 0x04,
	group: 0x08,
	mask: 0x10,
	other: 0x20,
} as const;

export interface AclEntry {
	/** One of {@link aclTag}. */
	readonly tag: number;
	/** Read 4, write 2, execute 1. */
	readonly permissions: number;
	/** Number of the user or group, where the tag is one of these. */
	readonly id: number;
}

const tags: ReadonlySet<number> = new Set(Object.values(aclTag));

const version = 2;
const headerSize = 4;
const entrySize = 8;
/** `ACL_UNDEFINED_ID`. */
const noId = 0xffffffff;

/** Whether the tag is one that names a user or group. */
export function hasId(tag: number): boolean {
	return tag === aclTag.user || tag === aclTag.group;
}

/** What is wrong with an entry, as `found` of a message; undefined for one that can be. */
export function objectionTo({ tag, permissions }: AclEntry): string | undefined {
	if (!tags.has(tag)) return `tag 0x${tag.toString(16)}`;
	return permissions > 7 ? `permissions 0x${permissions.toString(16)}` : undefined;
}

/** The value of the attribute. @param entries to which {@link objectionTo} has none */
export function accessListValue(entries: readonly AclEntry[]): Uint8Array {
	const value = new Uint8Array(headerSize + entries.length * entrySize);
	const view = new DataView(value.buffer);
	view.setUint32(0, version, true);
	for (const [i, { tag, permissions, id }] of entries.entries()) {
		const at = headerSize + i * entrySize;
		view.setUint16(at, tag, true);
		view.setUint16(at + 2, permissions, true);
		view.setUint32(at + 4, hasId(tag) ? id : noId, true);
	}
	return value;
}
