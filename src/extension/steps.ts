import type { StepAnswer } from './ui.ts';

/** One question of a series: it keeps its answer itself and says how it went. */
export type Step = (step: number) => Promise<StepAnswer<void>['kind']>;

/** Asks one question after the other; going back asks the one before again. True when all were answered. */
export async function runSteps(steps: readonly Step[]): Promise<boolean> {
	for (let at = 0; at < steps.length;) {
		const went = await steps[at]!(at + 1);
		if (went === 'cancel') return false;
		at = went === 'answer' ? at + 1 : Math.max(0, at - 1);
	}
	return true;
}
