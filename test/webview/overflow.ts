import type { Page } from 'playwright-core';

/** Elements that reach beyond the right edge of the page, but for those that scroll or are hidden by intent. */
export function overflowing(page: Page): Promise<readonly string[]> {
	return page.evaluate(() => {
		const found: string[] = [];
		const look = (root: Document | ShadowRoot) => {
			for (const element of root.querySelectorAll('*')) {
				if (element.shadowRoot !== null) look(element.shadowRoot);
				const { right } = element.getBoundingClientRect();
				const style = getComputedStyle(element);
				const scrolls = element.closest('.chain, pre, [role=listbox], .hidden-text') !== null;
				if (right > innerWidth + 1 && style.position !== 'absolute' && !scrolls) {
					found.push(`${element.localName}.${element.className}: ${right}`);
				}
			}
		};
		look(document);
		return found;
	});
}
