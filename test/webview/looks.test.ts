import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyEdits } from '../../src/definition/xml/edits.ts';
import { changeDefinition } from '../../src/definition/change.ts';
import { applyTemplate, type TemplateId } from '../../src/definition/plan/templates.ts';
import { readEditable } from '../../webview/definition/model/read-form.ts';
import { launchBrowser } from '../support/browser.ts';
import { accessibilityFindings } from './accessibility.ts';
import { DefinitionHost } from './definition-host.ts';
import { answerProperties, answerRestore, chooseOnly } from './page-hosts.ts';
import { overflowing } from './overflow.ts';
import { definitionText } from './samples.ts';
import { openWebview, themes, type OpenOptions, type Theme } from './webview-page.ts';

/** With AFTERIMAGE_WRITE_IMAGES=1 the pictures of the documentation are made anew. */
const images = resolve(import.meta.dirname, '../../docs/images');
const writing = process.env['AFTERIMAGE_WRITE_IMAGES'] === '1';

function plannedText(id: TemplateId): string {
	const definition = readEditable(definitionText)!;
	return applyEdits(definitionText, changeDefinition(definitionText, applyTemplate(definition, id)));
}

interface Scene {
	readonly name: string;
	readonly options: Pick<OpenOptions, 'app' | 'answer'> & Partial<OpenOptions>;
	/** Brings the page into the state of the picture. */
	readonly act: (page: Page) => Promise<void>;
}

const form = (step: number, height: number, template: TemplateId = 'grandfather'): Scene['options'] => ({
	app: 'definition',
	answer: new DefinitionHost(plannedText(template)).answer,
	state: { step },
	height,
});

const scenes: readonly Scene[] = [
	{
		name: 'source',
		options: form(0, 1060),
		act: async (page) => {
			await page.getByText('412.00 GB free').waitFor();
		},
	},
	{
		name: 'plan',
		options: form(1, 1040),
		act: async (page) => {
			await page.getByText(/^Day 30, /).waitFor();
		},
	},
	{
		name: 'plan-none',
		options: form(1, 760, 'none'),
		act: async (page) => {
			await page.getByText('No run lies ahead.').waitFor();
		},
	},
	{
		name: 'summary',
		options: form(2, 860),
		act: async (page) => {
			await page.getByText('4.72 GB').waitFor();
		},
	},
	{
		name: 'schedule',
		options: form(1, 1040),
		act: async (page) => {
			await page.getByRole('button', { name: 'Edit Schedule' }).click();
			await page.getByText('Next: ').waitFor();
		},
	},
	{
		name: 'advanced',
		options: form(0, 1000),
		act: async (page) => {
			await page.getByRole('button', { name: 'Advanced Options' }).click();
			await page.getByRole('dialog').waitFor();
		},
	},
	{
		name: 'save',
		options: form(2, 860),
		act: async (page) => {
			await page.getByRole('button', { name: 'Finish' }).click();
			await page.getByText('Saved as').waitFor();
		},
	},
	{
		name: 'restore',
		options: { app: 'restore', answer: answerRestore, height: 2020 },
		act: async (page) => {
			await page.getByRole('radio', { name: 'MBR Disk 3' }).click();
			await page.getByRole('button', { name: 'Check' }).click();
			await page.getByText('Nothing stands against').waitFor();
			await page.getByRole('textbox', { name: 'Name of the target' }).fill('/dev/sdc');
		},
	},
	{
		name: 'restore-place',
		options: { app: 'restore', answer: answerRestore, height: 2020 },
		act: async (page) => {
			await chooseOnly(page, 2);
			await page.getByRole('radio', { name: 'GPT Disk 1' }).click();
			await page.getByRole('radio', { name: '5 - Recovery image' }).click();
			await page.getByRole('button', { name: 'Check' }).click();
			await page.getByText('Nothing stands against').waitFor();
		},
	},
	{
		name: 'properties',
		options: { app: 'properties', answer: answerProperties, height: 1000 },
		act: async (page) => {
			await page.getByRole('button', { name: 'Compare' }).click();
			await page.getByText('21,400 blocks changed').waitFor();
		},
	},
];

let browser: Browser;
beforeAll(async () => {
	browser = await launchBrowser();
	if (writing) mkdirSync(images, { recursive: true });
});
afterAll(() => browser.close());

async function stage({ options, act }: Scene, theme: Theme, more: Partial<OpenOptions> = {}) {
	const opened = await openWebview(browser, {
		theme,
		now: '2026-11-25T07:00:00Z',
		reducedMotion: true,
		...options,
		...more,
	});
	await act(opened.page);
	// Controls of the library draw themselves a moment after they have their values.
	await opened.page.waitForTimeout(400);
	return opened;
}

describe.each(themes)('in the theme %s', (theme) => {
	it.each(scenes)('$name has no accessibility finding', async (scene) => {
		const { page, problems } = await stage(scene, theme);
		try {
			expect(await accessibilityFindings(page)).toEqual([]);
			expect(problems).toEqual([]);
			if (writing && theme !== 'high-contrast-light')
				await page.screenshot({ path: resolve(images, `${scene.name}-${theme}.png`) });
		} finally {
			await page.close();
		}
	});
});

describe.each(themes)('in the theme %s, what is chosen or under the mouse', (theme) => {
	it('can be read', async () => {
		const { page } = await stage(
			scenes.find(({ name }) => name === 'plan')!,
			theme,
		);
		try {
			await page.getByRole('combobox', { name: 'Template' }).click();
			await page.getByRole('option', { selected: true }).filter({ visible: true }).waitFor();
			expect(await accessibilityFindings(page)).toEqual([]);
			await page.keyboard.press('Escape');
			await page.getByRole('button', { name: 'Edit Schedule' }).hover();
			expect(await accessibilityFindings(page)).toEqual([]);
		} finally {
			await page.close();
		}
	});
});

describe.each([
	['at 200 % zoom', { width: 640, height: 450 }],
	['beside another editor', { width: 400, height: 900 }],
] as const)('%s', (_, room) => {
	it.each(scenes)('$name needs no sideways scrolling, and its head and bar stay in sight', async (scene) => {
		const { page } = await stage(scene, 'light', room);
		try {
			expect(await overflowing(page)).toEqual([]);
			const scrolling = await page.evaluate(() => {
				const { scrollWidth, scrollHeight } = document.scrollingElement!;
				return { width: scrollWidth, height: scrollHeight };
			});
			expect(scrolling).toEqual(room);
			if (writing && scene.name === 'source' && room.width === 640)
				await page.screenshot({ path: resolve(images, 'source-zoom.png') });
		} finally {
			await page.close();
		}
	});
});

describe('for people who want no motion', () => {
	it('the drawer comes at once', async () => {
		const animation = async (reducedMotion: boolean) => {
			const { page } = await stage(
				scenes.find(({ name }) => name === 'advanced')!,
				'dark',
				{ reducedMotion },
			);
			const name = await page.getByRole('dialog').evaluate((dialog) => getComputedStyle(dialog).animationName);
			await page.close();
			return name;
		};
		expect(await animation(false)).toBe('slide');
		expect(await animation(true)).toBe('none');
	});
});

describe('with forced colours', () => {
	it.each(scenes.filter(({ name }) => name === 'source' || name === 'plan'))('$name can be read', async (scene) => {
		const { page } = await stage(scene, 'high-contrast', { forcedColors: true });
		try {
			const selected = page.locator('.selected').first();
			if (scene.name === 'source') {
				// What is selected differs by its border, not by a colour that the system has taken away.
				expect(await selected.evaluate((block) => getComputedStyle(block).borderTopWidth)).toBe('2px');
				const mark = page.locator('vscode-checkbox.checked').first().locator('svg');
				const text = await page.locator('h2').evaluate((title) => getComputedStyle(title).color);
				expect(await mark.evaluate((svg) => getComputedStyle(svg).fill)).toBe(text);
			}
			if (writing) await page.screenshot({ path: resolve(images, `${scene.name}-forced-colors.png`) });
		} finally {
			await page.close();
		}
	});
});
