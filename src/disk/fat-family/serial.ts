/** A volume serial as Windows, Linux and mtools print it: `1A2B-3C4D`. */
export function serialText(serial: number): string {
	const digits = serial.toString(16).padStart(8, '0').toUpperCase();
	return `${digits.slice(0, 4)}-${digits.slice(4)}`;
}
