import { expect, it } from 'vitest';
import { runSteps, type Step } from '../../../src/extension/steps.ts';

/** Steps that answer as the script says, and what was asked in which order. */
function scripted(...script: readonly Awaited<ReturnType<Step>>[]) {
	const asked: number[] = [];
	const waiting = [...script];
	const step: Step = async (number) => {
		asked.push(number);
		return waiting.shift()!;
	};
	return { asked, steps: [step, step, step] };
}

it('asks one after the other', async () => {
	const { asked, steps } = scripted('answer', 'answer', 'answer');
	expect(await runSteps(steps)).toBe(true);
	expect(asked).toEqual([1, 2, 3]);
});

it('goes back, and not before the first', async () => {
	const { asked, steps } = scripted('back', 'answer', 'answer', 'back', 'back', 'answer', 'answer', 'answer');
	expect(await runSteps(steps)).toBe(true);
	expect(asked).toEqual([1, 1, 2, 3, 2, 1, 2, 3]);
});

it('ends when it is cancelled', async () => {
	const { asked, steps } = scripted('answer', 'cancel');
	expect(await runSteps(steps)).toBe(false);
	expect(asked).toEqual([1, 2]);
});
