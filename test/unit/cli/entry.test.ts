import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const { version, engines } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
	version: string;
	engines: { node: string };
};

/** Runs `afterimage --version` on this Node, which says that it is another. */
function runOn(node: string) {
	const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${node}' } })`;
	const { status, stdout, stderr } = spawnSync(
		process.execPath,
		[
			'--disable-warning=ExperimentalWarning',
			`--import=data:text/javascript,${encodeURIComponent(pretend)}`,
			resolve(root, 'src/cli/entry.ts'),
			'--version',
		],
		{ encoding: 'utf8' },
	);
	return { status, stdout, stderr };
}

test.each(['20.20.2', '22.14.0', '23.7.0', '8.0.0'])('Node %s is told in one line to be too old', (node) => {
	const { status, stdout, stderr } = runOn(node);
	expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
	expect(stderr).toBe(
		`Error: afterimage needs Node 22.15 (of 23: 23.8) or newer, this is ${node} (${process.execPath})\n`,
	);
});

test.each(['22.15.0', '23.8.0', '24.0.0'])('Node %s runs the program', (node) => {
	expect(runOn(node)).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});

test('package.json asks for the same', () => {
	expect(engines.node).toBe('^22.15.0 || >=23.8.0');
});

test('the entry loads nothing before it has looked', () => {
	const text = readFileSync(resolve(root, 'src/cli/entry.ts'), 'utf8');
	expect(text).toContain("await import('./main.ts')");
	expect(text).not.toMatch(/^(?:import|export)\b/m);
});
