/** Exit codes of what starts the engine with administrator rights on Windows. */
export const elevateCodes = {
	/** The person has answered Windows' question with no. */
	refused: 71,
	/** Windows could not start it. */
	failed: 72,
	/** It was started, and ended before the client met it. */
	ended: 73,
} as const;
