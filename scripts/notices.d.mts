export function notices(root: string, inputs: readonly string[]): string;
