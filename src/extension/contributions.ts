import { registerDefinitionEditor } from './editor/definition-editor.ts';
import { registerPages } from './editor/register-pages.ts';
import { contributeLanguage } from './language/register-language.ts';
import type { Contribution } from './services.ts';

/** Languages, editors and pages, in the order in which they are added. */
export const contributions: readonly Contribution[] = [contributeLanguage, registerDefinitionEditor, registerPages];
