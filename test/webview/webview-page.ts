import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { TextBundle } from '../../src/base/l10n.ts';
import { textsElement } from '../../src/extension/webview/texts.ts';

export const themes = ['light', 'dark', 'high-contrast', 'high-contrast-light'] as const;
export type Theme = (typeof themes)[number];

const root = resolve(import.meta.dirname, '../..');

/** Variables of VS Code 1.139 for the themes Light Modern, Dark Modern, Default High Contrast and Default High Contrast Light. */
const variables = JSON.parse(readFileSync(resolve(import.meta.dirname, 'themes.json'), 'utf8')) as Record<
	Theme,
	Record<string, string>
>;

const bodyClass: Record<Theme, string> = {
	light: 'vscode-light',
	dark: 'vscode-dark',
	'high-contrast': 'vscode-high-contrast vscode-dark',
	'high-contrast-light': 'vscode-high-contrast-light vscode-high-contrast',
};

/** The extension's side of a page. */
export interface FakeHost {
	/** Everything the page has posted so far. */
	readonly received: readonly Record<string, unknown>[];
	/** State that the page has kept. */
	readonly state: unknown;
	send(message: object): Promise<void>;
}

export interface OpenOptions {
	readonly app: 'definition' | 'restore' | 'properties';
	readonly theme: Theme;
	readonly width?: number;
	readonly height?: number;
	/** As if the window were reloaded with this state. */
	readonly state?: unknown;
	readonly reducedMotion?: boolean;
	readonly forcedColors?: boolean;
	/** What the clock of the page shows, for pictures that are to stay the same. */
	readonly now?: string;
	/** Translations, as `vscode.l10n.bundle` has them. */
	readonly texts?: TextBundle;
	/** As `vscode.env.language` has it; English when not given. */
	readonly language?: string;
	/** Answers a message of the page with messages of the extension. */
	readonly answer: (message: Record<string, unknown>) => readonly object[];
}

/**
 * Opens the built page of an app as VS Code would show it: its variables and body class, its interface to the extension,
 * and the content security policy of `src/extension/webview/page.ts`. Violations of the policy and script errors fail it.
 */
export async function openWebview(
	browser: Browser,
	options: OpenOptions,
): Promise<{ page: Page; host: FakeHost; problems: readonly string[] }> {
	const page = await browser.newPage({
		viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
		deviceScaleFactor: 1,
		reducedMotion: options.reducedMotion === true ? 'reduce' : 'no-preference',
		forcedColors: options.forcedColors === true ? 'active' : 'none',
		locale: 'en-GB',
	});
	if (options.now !== undefined) await page.clock.setFixedTime(options.now);
	const problems: string[] = [];
	page.on('pageerror', (error) => problems.push(error.message));
	page.on('console', (message) => {
		if (message.type() === 'error') problems.push(message.text());
	});
	const received: Record<string, unknown>[] = [];
	const kept: { state: unknown } = { state: options.state };
	const send = (message: object) => page.evaluate((data) => window.postMessage(data, '*'), message);
	await page.exposeFunction('hostReceive', async (message: Record<string, unknown>) => {
		received.push(message);
		for (const reply of options.answer(message)) await send(reply);
	});
	await page.exposeFunction('hostKeep', (state: unknown) => {
		kept.state = state;
	});
	await page.route('http://afterimage.test/**', (route) => {
		const path = new URL(route.request().url()).pathname;
		if (path === '/') return route.fulfill({ contentType: 'text/html', body: html(options) });
		const file = resolve(root, 'dist/webview', path.slice(1));
		return route.fulfill({ contentType: 'text/javascript', body: readFileSync(file, 'utf8') });
	});
	await page.goto('http://afterimage.test/');
	return {
		page,
		problems,
		host: {
			received,
			get state() {
				return kept.state;
			},
			send,
		},
	};
}

function html({ app, theme, state, texts, language }: OpenOptions): string {
	const style = Object.entries(variables[theme])
		.map(([name, value]) => `${name}: ${value.replaceAll('"', "'")}`)
		.join('; ');
	const policy = [
		`default-src 'none'`,
		`script-src 'nonce-test'`,
		`style-src http://afterimage.test 'unsafe-inline'`,
		`font-src http://afterimage.test`,
		`img-src http://afterimage.test data:`,
	].join('; ');
	return `<!DOCTYPE html>
<html lang="${language ?? 'en'}" style="${style}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Test</title>
<style>
body { margin: 0; padding: 0 20px; background: var(--vscode-editor-background); color: var(--vscode-editor-foreground);
font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); }
</style>
<script nonce="test">
let kept = ${state === undefined ? 'undefined' : JSON.stringify(state)};
window.acquireVsCodeApi = () => ({
	postMessage: (message) => window.hostReceive(structuredClone(message)),
	getState: () => kept,
	setState: (state) => { kept = state; window.hostKeep(state); },
});
</script>
</head>
<body class="${bodyClass[theme]}">
<afterimage-${app}></afterimage-${app}>
${textsElement(texts)}
<script type="module" nonce="test" src="http://afterimage.test/${app}.js"></script>
</body>
</html>`;
}
