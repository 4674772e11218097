/**
 * Takes the pictures of the window as a whole, with the packaged extension in the real VS Code:
 * `node scripts/screenshots/views.ts` writes `docs/images/{views,files,walkthrough}-{dark,light,high-contrast}.png`. It needs root
 * on Linux: in a mount namespace of its own its disks and backups lie where those of a person would, and this machine's
 * own disks are not listed.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Workbench } from '../../test/e2e/pages/workbench.ts';
import { launchBrowser } from '../../test/support/browser.ts';
import { extensionFolder, installExtension, startVsCode } from '../../test/support/vscode-server.ts';
import { makeDemoDisk, tool } from '../make-demo-disk.ts';
import { makeServerFiles, upgraded, upgradeServer } from './server-files.ts';

const themes = {
	dark: 'Default Dark Modern',
	light: 'Default Light Modern',
	'high-contrast': 'Default High Contrast',
} as const;

const disks = '/mnt/disks';
const backups = '/mnt/backups';
const day = 24 * 60 * 60 * 1000;

function run(command: string, ...args: readonly string[]): void {
	const { status } = spawnSync(command, args, { cwd: extensionFolder, stdio: 'inherit', env: process.env });
	if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

/** A disk of a size as people have: its file systems call much of their room used, but no byte of it is on the medium. */
function makeLargeDisk(path: string): void {
	const partitions = [
		{ start: 1, length: 512, type: 'EF00', name: 'EFI system partition', used: 0 },
		{ start: 513, length: 61_440, type: '8300', name: 'system', used: 27_000 },
		{ start: 61_953, length: 414_720, type: '8300', name: 'home', used: 238_000 },
	];
	tool('truncate', '-s', '476941M', path);
	for (const [index, { start, length, type, name, used }] of partitions.entries()) {
		const number = index + 1;
		tool(
			'sgdisk',
			'-n',
			`${number}:${start * 2048}:+${length}M`,
			'-t',
			`${number}:${type}`,
			'-c',
			`${number}:${name}`,
			path,
		);
		if (type === 'EF00') {
			tool('mkfs.fat', '-F', '32', '-n', 'EFI', '--offset', String(start * 2048), path, String(length * 1024));
			continue;
		}
		const offset = start * 2 ** 20;
		tool(
			'mkfs.ext4',
			'-q',
			'-F',
			'-L',
			name,
			'-E',
			`offset=${offset},lazy_itable_init=1,nodiscard`,
			path,
			`${length}M`,
		);
		const at = `${path}?offset=${offset}`;
		tool('debugfs', '-w', '-R', 'write /dev/null archive', at);
		tool('debugfs', '-w', '-R', `fallocate archive 0 ${used * 256 - 1}`, at);
	}
}

function makeDefinition(folder: string, name: string, disk: string, more: string): string {
	const path = join(folder, `${name}.xml`);
	const text = `<?xml version="1.0" encoding="UTF-8"?>
<backup_definition xmlns="https://afterimage.dev/schema/backup-definition/1">
	<name>${name}</name>
	<sources>
		<raw_file path="${disk}"/>
	</sources>
	<destination>
		<folder>${backups}</folder>
	</destination>
	${more}
</backup_definition>
`;
	writeFileSync(path, text, { mode: 0o600 });
	return path;
}

const schedules = `<scheduling>
		<schedule backup_type="full">
			<monthly_weekday week="first" weekday="monday" time="09:00"/>
		</schedule>
		<schedule backup_type="inc">
			<weekly days="monday tuesday wednesday thursday friday saturday" time="09:00"/>
		</schedule>
	</scheduling>`;

/** Runs the command line as it would have run some days ago. */
function afterimage(daysAgo: number, ...args: readonly string[]): void {
	const shift = `const now = Date.now; Date.now = () => now() - ${daysAgo * day};
globalThis.Date = class extends Date { constructor(...args) { args.length ? super(...args) : super(Date.now()); } };`;
	run(
		process.execPath,
		'--import',
		`data:text/javascript,${encodeURIComponent(shift)}`,
		'dist/afterimage.mjs',
		...args,
	);
}

/** One more file on the sample disk's EFI partition. */
function changeDisk(disk: string, start: number, number: number): void {
	const file = `/mnt/note-${number}.txt`;
	writeFileSync(file, `Note ${number}\n`.repeat(60_000 * number));
	tool('mcopy', '-i', `${disk}@@${start}`, file, '::');
	rmSync(file);
}

/** Definitions, a set of some weeks and its runs. */
function makeSamples(definitions: string): void {
	mkdirSync(disks);
	mkdirSync(backups, { mode: 0o700 });
	makeLargeDisk(join(disks, 'workstation.img'));
	const server = makeDemoDisk(join(disks, 'home-server.img'), 512 * 2 ** 20);
	const [boot, root] = server.partitions.map(({ start }) => start);
	const system = `${server.path}?offset=${root}`;
	makeServerFiles(system, 17);
	const definition = makeDefinition(definitions, 'Home server', server.path, schedules);
	makeDefinition(definitions, 'Before the upgrade', server.path, '<rate_limit>400</rate_limit>');
	makeDefinition(definitions, 'Workstation', join(disks, 'workstation.img'), '');
	const plan = [
		[16, 'full'],
		[15, 'inc'],
		[14, 'inc'],
		[8, 'diff'],
		[2, 'inc'],
	] as const;
	for (const [index, [daysAgo, type]] of plan.entries()) {
		if (index > 0) changeDisk(server.path, boot!, index);
		if (index === plan.length - 1) upgradeServer(system, daysAgo);
		afterimage(daysAgo, 'backup', definition, '--type', type);
	}
	const newest = readdirSync(backups).find((name) => name.endsWith('-04-04.mrimgx'))!;
	afterimage(1, 'verify', join(backups, newest));
}

async function takePictures(extensions: string, workspace: string, name: string, theme: string): Promise<void> {
	const server = await startVsCode({
		extensions,
		settings: {
			'workbench.colorTheme': theme,
			'workbench.secondarySideBar.defaultVisibility': 'hidden',
			'chat.disableAIFeatures': true,
			'diffEditor.useInlineViewWhenSpaceIsLimited': false,
			'afterimage.diskFiles': ['workstation.img', 'home-server.img'].map((file) => join(disks, file)),
		},
	});
	const browser = await launchBrowser();
	try {
		const open = async () => {
			const page = await browser.newPage({
				viewport: { width: 1280, height: 860 },
				locale: 'en-GB',
				reducedMotion: 'reduce',
			});
			await page.goto(server.url(workspace));
			const workbench = new Workbench(page);
			await workbench.ready();
			return workbench;
		};
		const save = async ({ page }: Workbench, what: string) => {
			await page.screenshot({ path: join(extensionFolder, `docs/images/${what}-${name}.png`) });
		};
		// First, and in a window of its own: the status bar tells of runs that were cancelled.
		const browsing = await open();
		await compareFile(browsing);
		await save(browsing, 'files');
		await browsing.page.close();

		const workbench = await open();
		const { page } = workbench;
		await workbench.run('View: Toggle Primary Side Bar Visibility');
		await workbench.openWalkthrough('Image your first disk');
		await page.locator('.getting-started-step.expanded').waitFor();
		await workbench.webview().locator('svg').first().waitFor();
		await save(workbench, 'walkthrough');

		await workbench.closeEditors();
		await workbench.showViews();
		await workbench.widenSideBar(440);
		await workbench.definitions.expand('Home server');
		await workbench.backups.expand(/^Backup set/);
		const properties = workbench.webview().getByText('DEMO-ROOT').filter({ visible: true }).first();
		await workbench.backups.choose(/^Incremental 04/, 'Properties', properties);
		await workbench.run('Notifications: Clear All Notifications');
		const running = workbench.notifications.saying(/Back up Before the upgrade: [1-9]\d* %/);
		await workbench.definitions.choose('Before the upgrade', 'Run Full Backup Now', running);
		await page.mouse.move(900, 20);
		await page.locator('.workbench-hover').waitFor({ state: 'hidden' });
		await save(workbench, 'views');
		await workbench.notifications.press('Back up Before the upgrade', 'Cancel');
		await workbench.runs.item(/^Back up Before the upgrade, cancelled/).waitFor();
	} finally {
		await browser.close();
		await server.stop();
	}
}

/** Browses the newest backup with the other views folded away, and compares a file with the one in the backup before. */
async function compareFile(workbench: Workbench): Promise<void> {
	const { backups, definitions, disks, files, page, runs } = workbench;
	await workbench.showViews();
	for (const view of [disks, definitions, runs]) await view.fold(false);
	await workbench.widenSideBar(400);
	await backups.expand(/^Backup set/);
	await backups.choose(/^Incremental 04/, 'Browse Files', files.item(/DEMO-ROOT/));
	await files.expand(/DEMO-ROOT/);
	await files.expand(/^etc, folder/);
	await files.expand(/^srv, folder/);
	const change = page.locator('.monaco-diff-editor .char-insert').first();
	await files.choose(new RegExp(`^${basename(upgraded)}`), 'Compare With Previous Backup', change);
	await page.mouse.move(1050, 18);
	await page.waitForTimeout(2000); // until hovers and scrollbars have faded away
}

/** Runs this script again where /mnt is its own and there are no other disks. */
function inNamespace(): never {
	const setup = `mount -t tmpfs tmpfs /mnt && mount -t tmpfs tmpfs /sys/class/block && exec "$0" "$@"`;
	const { status } = spawnSync('unshare', ['--mount', 'sh', '-c', setup, process.execPath, import.meta.filename], {
		stdio: 'inherit',
		env: { ...process.env, AFTERIMAGE_PICTURES: 'yes' },
	});
	process.exit(status ?? 1);
}

if (process.env['AFTERIMAGE_PICTURES'] === undefined) inNamespace();
const folder = mkdtempSync(join(tmpdir(), 'afterimage-pictures-'));
try {
	const workspace = join(folder, 'workspace');
	mkdirSync(workspace);
	const definitions = join(folder, 'afterimage/definitions');
	mkdirSync(definitions, { recursive: true, mode: 0o700 });
	Object.assign(process.env, {
		XDG_DATA_HOME: folder,
		XDG_RUNTIME_DIR: folder,
		AFTERIMAGE_DATA: join(folder, 'history'),
	});
	const vsix = join(folder, 'afterimage.vsix');
	const extensions = join(folder, 'extensions');
	run(process.execPath, 'esbuild.mjs');
	run(process.execPath, 'scripts/package.ts', '--out', vsix);
	installExtension(vsix, extensions);
	makeSamples(definitions);
	const runs = process.env['AFTERIMAGE_DATA']!;
	for (const [name, theme] of Object.entries(themes)) {
		// What one picture runs is no history of the next.
		process.env['AFTERIMAGE_DATA'] = `${runs}-${name}`;
		cpSync(runs, process.env['AFTERIMAGE_DATA'], { recursive: true });
		await takePictures(extensions, workspace, name, theme);
	}
} finally {
	rmSync(folder, { recursive: true, force: true });
}
