import type { TextBundle } from '../../base/l10n.ts';

/**
 * The translations of a page as an element of its HTML: data, which no policy for scripts concerns. Nothing in a text
 * can end the element, since `<` does not occur in it.
 */
export function textsElement(bundle: TextBundle | undefined): string {
	return `<script type="application/json" id="l10n">${JSON.stringify(bundle ?? {}).replaceAll('<', '\\u003c')}</script>`;
}
