import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
	commands,
	contexts,
	editors,
	settings,
	taskType,
	viewContainer,
	views,
	walkthrough,
} from '../../../src/extension/ids.ts';

const root = resolve(import.meta.dirname, '../../..');
const read = (name: string) => JSON.parse(readFileSync(resolve(root, name), 'utf8')) as unknown;

interface Manifest {
	icon: string;
	contributes: {
		commands: { command: string; title: string }[];
		views: Record<string, { id: string }[]>;
		viewsContainers: { activitybar: { id: string; icon: string }[] };
		customEditors: { viewType: string }[];
		configuration: { properties: Record<string, { markdownDescription?: string; scope?: string }> };
		taskDefinitions: { type: string }[];
		walkthroughs: { id: string; steps: { media: { svg: string } }[] }[];
		menus: Record<string, { command: string; when?: string }[]>;
	};
}

const manifest = read('package.json') as Manifest;
const { contributes } = manifest;

describe('manifest', () => {
	it('declares exactly the commands of ids.ts', () => {
		expect(contributes.commands.map((entry) => entry.command).sort()).toEqual(Object.values(commands).sort());
	});

	it('declares exactly the views, editors, tasks and walkthroughs of ids.ts', () => {
		expect(contributes.views[viewContainer]!.map((view) => view.id).sort()).toEqual(Object.values(views).sort());
		expect(contributes.customEditors.map((editor) => editor.viewType)).toEqual([editors.definition]);
		expect(contributes.taskDefinitions.map((task) => task.type)).toEqual([taskType]);
		expect(contributes.walkthroughs.map((entry) => entry.id)).toEqual([walkthrough]);
	});

	it('declares exactly the settings of ids.ts, each described and scoped, fewer than 30', () => {
		const declared = Object.entries(contributes.configuration.properties);
		expect(declared.map(([name]) => name).sort()).toEqual(
			Object.values(settings)
				.map((name) => `afterimage.${name}`)
				.sort(),
		);
		expect(declared.length).toBeLessThan(30);
		for (const [name, setting] of declared) expect(setting.markdownDescription && setting.scope, name).toBeTruthy();
	});

	it('uses no command in a menu that is not declared', () => {
		const known = new Set<string>(Object.values(commands));
		const used = Object.values(contributes.menus).flatMap((entries) => entries.map((entry) => entry.command));
		expect(used.filter((command) => !known.has(command))).toEqual([]);
	});

	it('tests items of views for no context that none of them has', () => {
		const conditions = Object.values(contributes.menus).flatMap((entries) => entries.flatMap(({ when }) => when ?? []));
		const named = conditions.flatMap((when) => /viewItem =~ \/\^\((.*?)\)/.exec(when)?.[1]?.split('|') ?? []);
		expect(named).toContain(contexts.backedUpFolder);
		expect(named.filter((name) => !Object.hasOwn(contexts, name))).toEqual([]);
	});

	it('has every text and every picture that it names', () => {
		const texts = read('package.nls.json') as Record<string, string>;
		const named = [...readFileSync(resolve(root, 'package.json'), 'utf8').matchAll(/"%([^%"]+)%"/g)].map(
			(match) => match[1]!,
		);
		expect(named.filter((key) => !texts[key])).toEqual([]);
		expect(Object.keys(texts).filter((key) => !named.includes(key))).toEqual([]);
		const pictures = [manifest.icon, contributes.viewsContainers.activitybar[0]!.icon];
		pictures.push(...contributes.walkthroughs.flatMap((entry) => entry.steps.map((step) => step.media.svg)));
		expect(pictures.filter((path) => !existsSync(resolve(root, path)))).toEqual([]);
	});
});
