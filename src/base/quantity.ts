/** Bytes, rates and durations as people read them, and sizes as people type them. */

const units = ['KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A number of things whose name has a plural with `s`: `1 set`, `2 sets`. */
export function counted(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Bytes in the largest binary unit of which there is at least one; no unit is bytes. */
export function scaleBytes(bytes: number): { readonly value: number; readonly unit: string | undefined } {
	let value = bytes;
	let unit = -1;
	while (value >= 1024 && unit < units.length - 1) {
		value /= 1024;
		unit++;
	}
	return { value, unit: units[unit] };
}

/**
 * Bytes in binary units with two decimals as Macrium shows them: `4.72 GB`, `360.00 MB`, `512 bytes`. English, for logs,
 * errors and the command line; what speaks the language of the user has `bytesText`.
 */
export function formatBytes(bytes: number): string {
	const { value, unit } = scaleBytes(bytes);
	return unit === undefined ? counted(bytes, 'byte') : `${value.toFixed(2)} ${unit}`;
}

/** `117.19 MB/s`; bytes as {@link formatBytes} has them. */
export function formatRate(bytesPerSecond: number): string {
	return `${formatBytes(Math.round(bytesPerSecond))}/s`;
}

/** Seconds as `45 s`, `3 min 20 s`, `2 h 05 min`. */
export function formatDuration(seconds: number): string {
	const whole = Math.max(0, Math.round(seconds));
	if (whole < 60) return `${whole} s`;
	if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
	return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

/**
 * A size as typed: `4096`, `700M`, `4.5GB`, `2 TiB`; units are binary. Undefined when it is no size or is below 0.
 */
export function parseSize(text: string): number | undefined {
	const match = /^\s*(\d+(?:\.\d+)?)\s*(?:([kmgtp])(?:i?b)?|b|bytes)?\s*$/i.exec(text);
	if (match === null) return undefined;
	const power = match[2] === undefined ? 0 : 'kmgtp'.indexOf(match[2].toLowerCase()) + 1;
	const value = Math.round(Number(match[1]) * 1024 ** power);
	return Number.isSafeInteger(value) ? value : undefined;
}
