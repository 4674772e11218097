/** A path that others may write, and who. */
export interface OpenPath {
	readonly path: string;
	readonly reason: string;
}
