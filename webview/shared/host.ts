/** What VS Code gives a webview: messages to the extension, and state that survives a reload of the page. */
interface VsCodeApi<State> {
	postMessage(message: unknown): void;
	getState(): State | undefined;
	setState(state: State): void;
}

declare function acquireVsCodeApi<State>(): VsCodeApi<State>;

/** The extension as a page sees it. One a page: VS Code hands its interface out once. */
export interface Host<ToHost, FromHost, State> {
	post(message: ToHost): void;
	/** Calls `receive` for every message of the extension; returns a function that ends that. */
	listen(receive: (message: FromHost) => void): () => void;
	readonly state: State | undefined;
	keep(state: State): void;
}

export function connectHost<ToHost, FromHost, State>(): Host<ToHost, FromHost, State> {
	const api = acquireVsCodeApi<State>();
	return {
		post: (message) => api.postMessage(message),
		listen(receive) {
			const onMessage = (event: MessageEvent) => receive(event.data as FromHost);
			window.addEventListener('message', onMessage);
			return () => window.removeEventListener('message', onMessage);
		},
		get state() {
			return api.getState();
		},
		keep: (state) => api.setState(state),
	};
}
