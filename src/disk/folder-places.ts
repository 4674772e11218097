/** Folders that are remembered at once, at some tens of bytes each. Those of more are forgotten, and may be found anew. */
const most = 2 ** 22;

/** The root has no place in a folder. */
const nowhere = -1;

/**
 * The place in which each folder of a file system was found, by numbers of folders that tell them apart. A folder has one place;
 * what shows it in a second one is damage, and would make a walk run in a circle, or take twice as long with each folder in which
 * the next one has two names.
 */
export class FolderPlaces {
	readonly #root: number;
	readonly #most: number;
	readonly #parents = new Map<number, number>();

	constructor(root: number, mostFolders = most) {
		this.#root = root;
		this.#most = mostFolders;
	}

	/**
	 * For one listing of a folder, which may be listed again.
	 * @returns tells whether a folder that is found in it is in no other place, and under no other name in this one
	 */
	listing(parent: number): (folder: number) => boolean {
		const here = new Set<number>();
		return (folder) => {
			if (here.has(folder) || this.#parentOf(folder, parent) !== parent) return false;
			here.add(folder);
			return true;
		};
	}

	/** Where the folder was found; from now on in `place`, unless it was elsewhere before. */
	#parentOf(folder: number, place: number): number {
		if (folder === this.#root) return nowhere;
		const known = this.#parents.get(folder);
		if (known !== undefined) return known;
		if (this.#parents.size >= this.#most) this.#parents.clear();
		this.#parents.set(folder, place);
		return place;
	}
}
