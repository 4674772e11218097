import { html, type TemplateResult } from 'lit';
import type { ErrorRecord } from '../../src/base/errors.ts';
import { notice } from './fields.ts';

/**
 * A sentence of the engine: the same in logs, on the command line and here, and English.
 * Its language is told to screen readers, which pronounce it by that.
 */
export function inEnglish(text: string): TemplateResult {
	return html`<span lang="en">${text}</span>`;
}

/** An error with what helps against it. */
export function errorNotice({ message, advice }: ErrorRecord): TemplateResult {
	return notice('error', inEnglish(advice === undefined ? message : `${message} — ${advice}`));
}
