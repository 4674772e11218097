/** The types of backups in a letter and in words. */
export const typeLetters = { full: 'F', diff: 'D', inc: 'I' } as const;
export const typeNames = { full: 'Full', diff: 'Differential', inc: 'Incremental' } as const;
