import type { Page } from 'playwright-core';
import { readEditable } from '../../../webview/definition/model/read-form.ts';
import { DefinitionHost } from '../definition-host.ts';
import { definitionText } from '../samples.ts';
import { useWebviews } from '../use-webviews.ts';
import type { FakeHost, OpenOptions } from '../webview-page.ts';

const webviews = useWebviews();

export interface Opened {
	readonly page: Page;
	readonly host: DefinitionHost;
	readonly fake: FakeHost;
}

/** The form with a definition in it. Importing this module starts a browser for the tests of a file. */
export async function open(
	host = new DefinitionHost(definitionText),
	options: Partial<OpenOptions> = {},
): Promise<Opened> {
	const opened = await webviews.open({ app: 'definition', theme: 'dark', answer: host.answer, ...options });
	await opened.page.getByRole('heading', { level: 2 }).first().waitFor();
	return { page: opened.page, host, fake: opened.host };
}

/** What the text of the document says now. */
export const definitionOf = (host: DefinitionHost) => readEditable(host.text)!;

/** The lines that differ between the text at first and now. */
export function difference(host: DefinitionHost): string[] {
	const before = definitionText.split('\n');
	const after = host.text.split('\n');
	return [
		...before.filter((line) => !after.includes(line)).map((line) => `- ${line.trim()}`),
		...after.filter((line) => !before.includes(line)).map((line) => `+ ${line.trim()}`),
	];
}
