import { english, type Translate } from '../base/l10n.ts';

/** Translation for modules that do not know VS Code, so that they can be tested without it. */

let translate: Translate = english;

/** Set once at activation to `vscode.l10n.t`; before that, texts stay English. */
export function useTranslator(translator: Translate): void {
	translate = translator;
}

/** A text in the language of the user. @param message English, with `{0}`, `{1}`, … for what varies */
export const t: Translate = (message, ...args) => translate(message, ...args);
