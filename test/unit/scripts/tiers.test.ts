import { expect, it } from 'vitest';
import { tiers } from '../../../scripts/test/tiers.ts';

const tier = (name: string) => tiers.find((one) => one.name === name)!;

/** Commands end with 1 when they are of a failing program, each a moment after it was started. */
function runner(failing: string) {
	const told: string[] = [];
	const run = async (command: string) => {
		told.push(`begin ${command}`);
		await new Promise((later) => setTimeout(later, 5));
		told.push(`end ${command}`);
		return command === failing ? 1 : 0;
	};
	return { told, run };
}

it('checks are made side by side, and each that failed is named', async () => {
	const { told, run } = runner('eslint');
	expect(await tier('check').run(run)).toEqual({ passed: 3, failed: 1, failures: ['eslint .'] });
	expect(told.slice(0, 4).every((word) => word.startsWith('begin'))).toBe(true);
});

it('steps wait for each other', async () => {
	const { told, run } = runner('');
	expect(await tier('vscode').run(run)).toEqual({ passed: 3, failed: 0, failures: [] });
	expect(told.map((word) => word.split(' ')[0])).toEqual(['begin', 'end', 'begin', 'end', 'begin', 'end']);
});

it('a tier whose tests cannot be made ready fails, and does not run them', async () => {
	const { told, run } = runner('scripts/windows/install.sh');
	expect(await tier('windows').run(run)).toMatchObject({ passed: 0, failed: 1 });
	expect(told).toHaveLength(2);
});
