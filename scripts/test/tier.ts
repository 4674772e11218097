/** What a tier tells at its end. */
export interface TierResult {
	readonly passed: number;
	readonly failed: number;
	/** Each failure in a line or a few: what failed, where, and why. */
	readonly failures: readonly string[];
	/** What passed only when it was tried again, a line each. */
	readonly retried?: readonly string[];
}

/** Runs a program and tells its exit code; what it says is shown as it comes, or all at once behind its end. */
export type Run = (command: string, args: string[], show?: 'at once') => Promise<number>;

export interface Tier {
	readonly name: string;
	readonly what: string;
	/** Why this machine cannot run the tier, or undefined when it can. */
	cannotRun(): string | undefined;
	run(run: Run): Promise<TierResult>;
}
