/** Texts in the language of the user, for code that runs in VS Code, in a page of it, or in neither. */

/** Same meaning as `vscode.l10n.t`: the English text is the key, with `{0}`, `{1}`, … for what varies. */
export type Translate = (message: string, ...args: (string | number | boolean)[]) => string;

/** Translations by their English text, as `vscode.l10n.bundle` has them. */
export type TextBundle = Readonly<Record<string, string>>;

const placeholder = /\{(\d+)\}/g;

/** For what speaks English alone: the command line, logs and errors. */
export const english: Translate = (message, ...args) =>
	message.replace(placeholder, (whole, index: string) => String(args[Number(index)] ?? whole));

/** Texts of a bundle; what it lacks stays English. */
export function translator(bundle: TextBundle): Translate {
	return (message, ...args) => english(Object.hasOwn(bundle, message) ? bundle[message]! : message, ...args);
}

/** A text before it is known who reads it: each reader has it in his own language. */
export type Wording = (t: Translate) => string;

/** A text that is English where languages do not matter, and can be had in others. */
export interface Worded {
	/** In English, as the command line, logs and errors have it. */
	readonly message: string;
	readonly wording: Wording;
}

export function worded(wording: Wording): Worded {
	return { message: wording(english), wording };
}

/** A text cut at its placeholders: strings, and the numbers of what stands between them. */
export function textPieces(message: string): readonly (string | number)[] {
	return message
		.split(/(\{\d+\})/)
		.filter((piece) => piece !== '')
		.map((piece) => (/^\{\d+\}$/.test(piece) ? Number(piece.slice(1, -1)) : piece));
}
