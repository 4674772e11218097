import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { openWebview, type OpenOptions } from './webview-page.ts';

type Opened = Awaited<ReturnType<typeof openWebview>>;

/**
 * A browser for the tests of this file. The page that a test opens is closed at its end; script errors and violations of
 * the content security policy fail it, whatever else it looks at.
 */
export function useWebviews(): { open(options: OpenOptions): Promise<Opened> } {
	let browser: Browser;
	let opened: Opened | undefined;
	beforeAll(async () => {
		browser = await launchBrowser();
	});
	afterAll(() => browser.close());
	afterEach(async () => {
		const last = opened;
		opened = undefined;
		await last?.page.close();
		expect(last?.problems ?? []).toEqual([]);
	});
	return {
		open: async (options) => (opened = await openWebview(browser, options)),
	};
}
