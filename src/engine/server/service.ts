import type { EngineMethod, EngineNotification, EngineNotifications, EngineRequests } from '../../protocol/engine.ts';

/** The answers of an engine, one function a request; parameters have passed their check. */
export type EngineService = {
	readonly [M in EngineMethod]: (
		params: EngineRequests[M]['params'],
		signal: AbortSignal,
	) => Promise<EngineRequests[M]['result']>;
};

/** Tells whoever is attached; nothing happens when nobody is. */
export type Notify = <N extends EngineNotification>(method: N, params: EngineNotifications[N]) => void;
