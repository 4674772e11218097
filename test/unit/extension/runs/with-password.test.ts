import { describe, expect, it } from 'vitest';
import { AfterimageError, type ErrorCode } from '../../../../src/base/errors.ts';
import { withPassword } from '../../../../src/extension/runs/with-password.ts';

/** An engine that takes one password, and a user who gives some, one after the other. */
async function ask(taken: string | undefined, given: readonly (string | undefined)[], fault?: ErrorCode) {
	const questions: unknown[] = [];
	const answers = [...given];
	const passwords = {
		get: async (...question: unknown[]) => {
			questions.push(question);
			return answers.shift();
		},
	};
	const image = async () => ({ key: 'A1', what: 'a.mrimgx' });
	const answer = withPassword(passwords, image, async ({ password }) => {
		if (fault !== undefined) throw new AfterimageError(fault, 'fault');
		if (password === taken) return 'answer';
		throw new AfterimageError(password === undefined ? 'password-needed' : 'wrong-password', 'closed');
	});
	return { questions, answer: await answer.catch((error: AfterimageError) => error.code) };
}

describe('what is asked about an image', () => {
	it('needs no question where it takes no password', async () => {
		expect(await ask(undefined, [])).toEqual({ questions: [], answer: 'answer' });
	});

	it('is asked again with the next password until it is right', async () => {
		expect(await ask('right', ['wrong', 'right'])).toEqual({
			questions: [
				['A1', 'a.mrimgx', false],
				['A1', 'a.mrimgx', true],
			],
			answer: 'answer',
		});
	});

	it('fails as the engine does when none is given, and asks nothing about other faults', async () => {
		expect((await ask('right', [undefined])).answer).toBe('password-needed');
		expect((await ask('right', ['wrong', undefined])).answer).toBe('wrong-password');
		expect(await ask('right', ['right'], 'image-damaged')).toEqual({ questions: [], answer: 'image-damaged' });
	});
});
