/** Translation for modules that do not know VS Code, so that they can be tested without it. */

export type Translate = (message: string, ...args: (string | number | boolean)[]) => string;

let translate: Translate = (message, ...args) =>
	message.replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole));

/** Set once at activation to `vscode.l10n.t`; before that, texts stay English. */
export function useTranslator(translator: Translate): void {
	translate = translator;
}

/** A text in the language of the user. @param message English, with `{0}`, `{1}`, … for what varies */
export const t: Translate = (message, ...args) => translate(message, ...args);
