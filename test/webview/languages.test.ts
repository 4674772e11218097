import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../src/definition/xml/edits.ts';
import type { TextBundle } from '../../src/base/l10n.ts';
import { changeDefinition } from '../../src/definition/change.ts';
import { parameters } from '../../src/definition/parameters.ts';
import { applyTemplate, type TemplateId } from '../../src/definition/plan/templates.ts';
import { readEditable } from '../../webview/definition/model/read-form.ts';
import { backupSet, compareInfo, imageInfo } from './backup-samples.ts';
import { DefinitionHost } from './definition-host.ts';
import { answerProperties, answerRestore, chooseOnly, spareDisk } from './page-hosts.ts';
import { overflowing } from './overflow.ts';
import { dataDisk, definitionText, destinationFacts, documentMessage, systemDisk } from './samples.ts';
import { bracketed, textsIn, unbracketed } from './unbracketed.ts';
import type { OpenOptions } from './webview-page.ts';
import { useWebviews } from './use-webviews.ts';

const german = JSON.parse(
	readFileSync(resolve(import.meta.dirname, '../../l10n/bundle.l10n.de.json'), 'utf8'),
) as TextBundle;

const webviews = useWebviews();

type Asked = Pick<OpenOptions, 'app' | 'answer'> & Partial<OpenOptions>;

async function open(options: Asked): Promise<Page> {
	const opened = await webviews.open({ theme: 'dark', now: '2026-11-25T07:00:00Z', height: 1400, ...options });
	await opened.page.locator('main:not([aria-busy])').waitFor();
	// Controls of the library draw themselves a moment after they have their values.
	await opened.page.waitForTimeout(400);
	return opened.page;
}

const facts = { ...documentMessage('', 1), text: '' };
const data = [
	...textsIn([systemDisk, dataDisk, spareDisk, destinationFacts, facts]),
	...textsIn([{ ...backupSet, sources: '' }, { ...imageInfo, compression: '', encryption: '' }, compareInfo]),
	'System disk',
	'{IMAGEID}-00-00.mrimgx',
	'/images/new.img',
	'C:\\scripts\\stop.exe',
	'ada@example.com',
	'smtps://mail.example.com:465',
	'backup@example.com',
	...parameters.map(({ name }) => name),
	// Elements and attributes that findings name.
	'recipients',
	' name ',
	'</name>',
	// What a parameter comes to in the list.
	'none',
];

const plannedText = (id: TemplateId): string => {
	const definition = readEditable(definitionText)!;
	return applyEdits(definitionText, changeDefinition(definitionText, applyTemplate(definition, id)));
};

/** A definition with about everything in it that the form shows in words of its own. */
const fullText = plannedText('grandfather').replace(
	'<disk_space_management',
	`<encryption aes_type="aes-256" password_source="file" password_name="C:\\Users\\Ada"/>
	<post_backup_shutdown enable="true" level="hibernate"/>
	<file_size_limit>4294967296</file_size_limit>
	<disk_space_management`,
);

const form = (step: number, text = plannedText('grandfather')): Asked => ({
	app: 'definition',
	answer: new DefinitionHost(text).answer,
	state: { step },
});

/** How a page comes into the states that show its texts; each is looked at. */
const scenes: readonly (readonly [string, Asked, readonly ((page: Page) => Promise<unknown>)[]])[] = [
	[
		'the first page',
		form(0),
		[
			(page) => page.getByText(/412.00 GB/).waitFor(),
			(page) => page.locator('afterimage-destination button.link').click(),
			(page) => page.locator('afterimage-file-name vscode-checkbox').first().click(),
			(page) => page.locator('afterimage-file-name .braces vscode-button').click(),
		],
	],
	[
		'the first page of disks that are missing',
		{ ...form(0), answer: new DefinitionHost(definitionText, []).answer },
		[],
	],
	[
		'the second page',
		form(1),
		[
			(page) => page.locator('#day').waitFor(),
			(page) => page.locator('afterimage-simulation vscode-button').last().click(),
		],
	],
	...(['none', 'intradaily'] as const).map((id) => [`the plan ${id}`, form(1, plannedText(id)), []] as const),
	[
		'the dialog of a schedule, of every kind',
		form(1),
		[
			(page) => page.locator('#edit').click(),
			...['weekly', 'daily', 'once', 'monthly', 'intradaily', 'event', 'monthly_weekday'].map(
				(kind) => async (page: Page) => {
					await page.locator('dialog[open] vscode-dropdown').first().click();
					await page.locator(`dialog[open] vscode-option[value=${kind}]`).first().click();
				},
			),
		],
	],
	[
		'the menu of schedules, and the question before one is deleted',
		form(1),
		[
			(page) => page.locator('#add').click(),
			(page) => page.keyboard.press('Escape'),
			(page) => page.locator('#delete').click(),
		],
	],
	['the last page', form(2, fullText), []],
	['the save options', form(2), [(page) => page.locator('#finish').click()]],
	[
		'the drawer',
		form(0, fullText),
		[
			(page) => page.locator('#advanced').click(),
			(page) => page.locator('afterimage-email-options vscode-checkbox').last().click(),
		],
	],
	...[0, 1, 2].map(
		(step) => [`help on page ${step}`, form(step), [(page: Page) => page.locator('#help').click()]] as const,
	),
	['broken text', form(0, definitionText.replace('</name>', '</nam>')), []],
	[
		'the restore page',
		{ app: 'restore', answer: answerRestore },
		[
			(page) => page.locator('input[value="/dev/sdb"]').click(),
			(page) => page.locator('input[value="/dev/sdc"]').click(),
			async (page) => {
				await page.locator('.labelled vscode-dropdown').click();
				await page.locator('.labelled vscode-option').last().click();
			},
			(page) => page.locator('#run-check').click(),
			(page) => page.locator('#confirm input').fill('/dev/sdc'),
			(page) => page.locator('#restore').click(),
		],
	],
	[
		'the restore page with a new file',
		{ app: 'restore', answer: answerRestore },
		[
			(page) => page.locator('afterimage-target-list + .row vscode-button').first().click(),
			(page) => page.locator('#run-check').click(),
		],
	],
	[
		'the restore page with one partition',
		{ app: 'restore', answer: answerRestore },
		[
			(page) => chooseOnly(page, 5),
			(page) => page.locator('input[value="/dev/nvme0n1"]').click(),
			(page) => page.locator('input[value="/dev/sdb"]').click(),
			(page) => page.locator('input[name="place"]:enabled').click(),
			(page) => page.locator('#run-check').click(),
			(page) => page.locator('afterimage-target-list + .row vscode-button').first().click(),
			(page) => page.locator('input[value="volume"]').click(),
			(page) => page.locator('td.select vscode-checkbox').nth(3).click(),
			(page) => page.locator('td.select vscode-checkbox').nth(4).click(),
			(page) => page.locator('input[value="/dev/sdb"]').click(),
		],
	],
	[
		'the properties page',
		{ app: 'properties', answer: answerProperties },
		[(page) => page.locator('#run-compare').click(), (page) => page.locator('summary').click()],
	],
];

describe('with a bundle that puts each text in brackets', () => {
	it.each(scenes)('%s has none outside of them', async (_, options, steps) => {
		const page = await open({ ...options, texts: bracketed });
		expect(await unbracketed(page, data)).toEqual([]);
		for (const step of steps) {
			await step(page);
			await page.waitForTimeout(250);
			expect(await unbracketed(page, data)).toEqual([]);
		}
	});
});

describe('in German', () => {
	const deutsch = { texts: german, language: 'de' };

	it('the form has German words, numbers and dates', async () => {
		const page = await open({ ...form(1), ...deutsch });
		await page.getByText('3. Aufbewahrungsregeln festlegen').waitFor();
		await page.getByRole('cell', { name: 'Erster Montag des Monats um 09:00', exact: true }).waitFor();
		await page.getByText('November 2026', { exact: true }).waitFor();
		await page.getByText(/^Mi\., 25\. Nov\. 2026, 09:00$/).waitFor();
		await page.getByRole('button', { name: 'Weiter >' }).click();
		await page.getByText('weniger als 5,00 GB frei sind').waitFor();
	});

	it('the form cuts nothing that is chosen in a list', async () => {
		const page = await open({ ...form(1, plannedText('none')), ...deutsch });
		const values = page.locator('vscode-dropdown .selected-value');
		const cut = await values.evaluateAll((all) =>
			all
				.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
				.map(({ textContent }) => textContent.trim()),
		);
		expect(await values.count()).toBeGreaterThan(4);
		expect(cut).toEqual([]);
	});

	it('the form says findings of rules in German', async () => {
		const text = definitionText.replace('</destination>', '<filename_template>{FOO}</filename_template></destination>');
		const page = await open({ ...form(0, text), ...deutsch });
		await page.getByText('{FOO} ist kein Parameter; es gibt {IMAGEID}').first().waitFor();
		const broken = await open({ ...form(0, definitionText.replace('</name>', '</nam>')), ...deutsch });
		await broken.getByText('Das Element name hat kein End-Tag; fügen Sie </name> hinzu.').waitFor();
	});

	it.each(scenes)('%s needs no sideways scrolling at 200 %% zoom', async (_, options, steps) => {
		const page = await open({ ...options, ...deutsch, width: 640, height: 450, reducedMotion: true });
		for (const step of steps) await step(page);
		expect(await overflowing(page)).toEqual([]);
	});

	it('the properties page has German numbers', async () => {
		const page = await open({ app: 'properties', answer: answerProperties, ...deutsch });
		await page.getByText('1.764.066').waitFor();
		await page.getByText('107,67 GB / 232,72 GB').first().waitFor();
	});
});
