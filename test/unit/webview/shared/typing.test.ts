import type { ReactiveController } from 'lit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Typing } from '../../../../webview/shared/typing.ts';

describe('typing in a field', () => {
	const controllers: ReactiveController[] = [];
	const host = {
		addController: (controller: ReactiveController) => void controllers.push(controller),
		removeController: () => undefined,
		requestUpdate: () => undefined,
		updateComplete: Promise.resolve(true),
	};
	let committed: string[];
	const commit = (value: string) => void committed.push(value);

	beforeEach(() => {
		vi.useFakeTimers();
		committed = [];
		controllers.length = 0;
	});
	afterEach(() => vi.useRealTimers());

	it('goes into the document at a pause, once', () => {
		const typing = new Typing(host);
		for (const value of ['a', 'ab', 'abc']) typing.input('name', value, false, commit);
		expect(committed).toEqual([]);
		vi.runAllTimers();
		expect(committed).toEqual(['abc']);
	});

	it('shows what is typed, not how the document spells it', () => {
		const typing = new Typing(host);
		typing.input('name', 'My ', false, commit);
		expect(typing.value('name', 'old')).toBe('My ');
		vi.runAllTimers();
		// The document drops the blank at the end; the person goes on behind it.
		expect(typing.value('name', 'My')).toBe('My ');
		expect(typing.value('name', 'My')).toBe('My ');
	});

	it('gives way when somebody else changes the document', () => {
		const typing = new Typing(host);
		typing.input('name', 'new', false, commit);
		vi.runAllTimers();
		expect(typing.value('name', 'new')).toBe('new');
		expect(typing.value('name', 'undone')).toBe('undone');
		expect(typing.value('name', 'new')).toBe('new');
	});

	it('leaves the button under the pointer alone when a field is left', () => {
		const typing = new Typing(host);
		typing.input('name', 'new', true, commit);
		expect(committed).toEqual([]);
		expect(typing.value('name', 'old')).toBe('new');
		vi.runAllTimers();
		expect(committed).toEqual(['new']);
		expect(typing.value('name', 'spelt')).toBe('spelt');
	});

	it('is not lost when the page is turned at once', () => {
		const typing = new Typing(host);
		typing.input('name', 'new', false, commit);
		controllers[0]!.hostDisconnected!();
		expect(committed).toEqual(['new']);
		vi.runAllTimers();
		expect(committed).toEqual(['new']);
	});
});
