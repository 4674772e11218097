/** Commands that lenses, links and quick fixes carry; internal, so not in the manifest. */
export const languageCommands = {
	/** A fix that needs more than an edit. */
	fix: 'afterimage.language.fix',
	/** An edit of one version of a document. */
	edit: 'afterimage.language.edit',
	/** Shows a folder that a definition names. */
	reveal: 'afterimage.language.reveal',
} as const;
