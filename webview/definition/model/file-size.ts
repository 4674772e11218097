export const sizeUnits = ['MB', 'GB', 'TB'] as const;

/** Bytes as a whole number of the largest unit that holds them without a rest; of MB, rounded up, when none does. */
export function sizeParts(bytes: number): { readonly value: number; readonly unit: (typeof sizeUnits)[number] } {
	for (const [index, unit] of [...sizeUnits].reverse().entries()) {
		const size = 1024 ** (4 - index);
		if (bytes >= size && bytes % size === 0) return { value: bytes / size, unit };
	}
	return { value: Math.max(1, Math.ceil(bytes / 1024 ** 2)), unit: 'MB' };
}
