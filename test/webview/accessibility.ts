import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Every finding of axe-core on the page, its shadow roots included, as `rule: element`. */
export async function accessibilityFindings(page: Page): Promise<readonly string[]> {
	await page.evaluate(axe.source);
	return page.evaluate(async () => {
		const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
			resultTypes: ['violations'],
		});
		return violations.flatMap(({ id, nodes }) =>
			nodes.map(({ target, failureSummary }) => `${id}: ${JSON.stringify(target)} ${failureSummary ?? ''}`),
		);
	});
}
