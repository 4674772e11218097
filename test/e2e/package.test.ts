import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { requireTools } from '../support/require.ts';
import { makeDisk } from './support/disks.ts';
import { useStage } from './support/stage.ts';
import { until } from './support/wait.ts';

requireTools(['mkfs.ext4', 'sgdisk']);

const theatre = useStage({
	prepare: (stage) => void makeDisk(stage.file('disk.img')),
	settings: (stage) => ({ 'afterimage.diskFiles': [stage.file('disk.img')] }),
});

test('the package stays small and belongs to this platform', () => {
	expect(statSync(inject('vsix')).size).toBeLessThan(10 * 2 ** 20);
	const installed = readdirSync(inject('extensions')).filter((name) => name.startsWith('afterimage.'));
	expect(installed).toHaveLength(1);
	const libraries = readdirSync(join(inject('extensions'), installed[0]!, 'dist/node_modules/@koromix'));
	expect(libraries).toEqual([`koffi-${process.platform}-${process.arch}`]);
	const kernelsIn = (folder: string) => (existsSync(folder) ? readdirSync(folder, { recursive: true }).sort() : []);
	const packed = kernelsIn(join(inject('extensions'), installed[0]!, 'dist/native'));
	expect(packed).toEqual(kernelsIn('dist/native').filter((name) => String(name).startsWith(process.platform)));
});

test('the installed extension is activated, and its engine has its libraries from the package', async () => {
	const { stage } = theatre;
	const workbench = await stage.open();
	await workbench.showViews();
	await workbench.disks.item(/1 - DATA/).waitFor();
	const engine = await until('the engine', () => stage.engines()[0]);
	const command = readFileSync(`/proc/${engine}/cmdline`, 'utf8').split('\0');
	expect(command.some((part) => part.startsWith(inject('extensions')))).toBe(true);
	const libraries = readFileSync(`/proc/${engine}/maps`, 'utf8').match(/\/\S+koffi\S*\.node/g) ?? [];
	expect(new Set(libraries).size).toBe(1);
	expect(libraries[0]!.startsWith(inject('extensions'))).toBe(true);
});
