import type { TemplateResult } from 'lit';
import { textPieces, translator, type TextBundle, type Translate } from '../../src/base/l10n.ts';

/** Texts of the pages. The extension lays its bundle into the page as JSON; without one, texts are English. */

/** Id of the element that holds the bundle; the extension writes it (`src/extension/webview/texts.ts`). */
const bundleId = 'l10n';

function readBundle(): TextBundle {
	const text = typeof document === 'undefined' ? undefined : document.getElementById(bundleId)?.textContent;
	return text ? (JSON.parse(text) as TextBundle) : {};
}

/** A text in the language of the user. @param message English, with `{0}`, `{1}`, … for what varies */
export const t: Translate = translator(readBundle());

/** Language of the page, for numbers and dates. */
export function pageLanguage(): string {
	return typeof document === 'undefined' ? 'en' : document.documentElement.lang || 'en';
}

/** A text with pieces of a template at its placeholders, such as a path in a font of its own. */
export function rich(
	message: string,
	...parts: readonly (string | number | TemplateResult)[]
): readonly (string | number | TemplateResult)[] {
	return textPieces(t(message)).map((piece) => (typeof piece === 'number' ? (parts[piece] ?? '') : piece));
}
