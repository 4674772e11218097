import type { Page } from 'playwright-core';

/** What has the focus, through shadow roots: its role or tag, and the name that a screen reader gives it. */
export async function focused(page: Page): Promise<string> {
	return page.evaluate(() => {
		let element = document.activeElement;
		// The outermost control with a name of its own counts, not the input in its shadow root.
		let name = '';
		let kind = '';
		while (element !== null) {
			const label = element.getAttribute('aria-label') ?? labelOf(element);
			if (label !== '') {
				name = label;
				kind = element.getAttribute('role') ?? element.localName;
			}
			if ((element.shadowRoot?.activeElement ?? null) === null) break;
			element = element.shadowRoot!.activeElement;
		}
		return `${kind}: ${name}`;

		function labelOf(of: Element): string {
			if (of instanceof HTMLInputElement) return of.labels?.[0]?.textContent?.trim() ?? '';
			const host = of.localName.startsWith('vscode-') || of.localName === 'button' || of.getAttribute('role') !== null;
			return host ? (of.textContent?.replace(/\s+/g, ' ').trim() ?? '') : '';
		}
	});
}

/** Presses Tab until what is focused has this in its name. @throws Error naming everything that was passed */
export async function tabTo(page: Page, name: string, back = false): Promise<void> {
	const passed: string[] = [];
	for (let i = 0; i < 90; i++) {
		await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
		const now = await focused(page);
		if (now.includes(name)) return;
		passed.push(now);
	}
	throw new Error(`Tab never came to “${name}”; it passed ${passed.join(' | ')}`);
}
