/** What the system says of a failed call, without Node's decoration: `no such file or directory`. */
export function systemPhrase(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const match = /^[A-Z0-9]+: ([^,]+)/.exec(error.message);
	return match?.[1] ?? error.message;
}
