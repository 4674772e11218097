export function buildNative(outdir: string): string[];
