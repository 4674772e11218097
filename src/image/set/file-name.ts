/** `{IMAGEID}[-name]` */
export function baseNameOf(imageid: string, name: string): string {
	return name === '' ? imageid.toUpperCase() : `${imageid.toUpperCase()}-${name}`;
}

/** The last part of a path that some system wrote. */
export function nameOfPath(path: string): string {
	return path.split(/[\\/]/).at(-1)!;
}

/** Whether a path that some system wrote ends with this name; Windows tells no case. */
export function isPathTo(path: string, name: string): boolean {
	return nameOfPath(path).toLowerCase() === name.toLowerCase();
}

/** The `XX-YY` of a name, or undefined when it has none. */
export function numbersOfName(name: string): { incrementNumber: number; fileNumber: number } | undefined {
	const match = /-(\d{2,5})-(\d{2,5})\.[^.\\/]+$/.exec(name);
	if (match === null) return undefined;
	return { incrementNumber: Number(match[1]), fileNumber: Number(match[2]) };
}
