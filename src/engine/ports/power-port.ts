import type { ShutdownLevel } from '../../definition/model.ts';

export type PowerLevel = Exclude<ShutdownLevel, 'none'>;

export interface PowerPort {
	/** Keeps the system from going to sleep until the returned function is called. */
	keepAwake(reason: string): () => void;
	/** @throws AfterimageError `not-supported`, `failed`, `permission-denied` */
	shutDown(level: PowerLevel, force: boolean): Promise<void>;
}
