import type { Translate } from '../base/l10n.ts';

/** `full, diff or inc`. @param values at least one */
export function oneOf(values: readonly string[], t: Translate): string {
	return values.length === 1 ? values[0]! : t('{0} or {1}', values.slice(0, -1).join(', '), values.at(-1)!);
}
