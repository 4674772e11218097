import type { Contribution } from './services.ts';

/** Languages, editors and pages, in the order in which they are added. */
export const contributions: readonly Contribution[] = [];
