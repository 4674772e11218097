import * as vscode from 'vscode';
import { visibleLines } from '../base/visible.ts';

/** What a step of a series of questions came to: the answer, one step back, or the end of it all. */
export type StepAnswer<T> = { readonly kind: 'answer'; readonly value: T } | { readonly kind: 'back' | 'cancel' };

export interface StepFrame {
	readonly title: string;
	/** Counted from 1. */
	readonly step: number;
	readonly totalSteps: number;
}

export interface StepPick<T extends vscode.QuickPickItem> extends StepFrame {
	readonly placeholder: string;
	readonly items: readonly T[];
	readonly many?: boolean;
	/** Items chosen at first. */
	readonly chosen?: readonly T[];
}

export interface StepInput extends StepFrame {
	readonly prompt: string;
	readonly value: string;
	/** Why the text will not do; undefined when it will. */
	readonly validate?: (text: string) => string | undefined;
}

/** Every question and message of the extension. Tests give answers by replacing functions of the one object. */
export interface Ui {
	pick: <T extends vscode.QuickPickItem>(
		items: readonly T[] | Thenable<readonly T[]>,
		options: vscode.QuickPickOptions,
	) => Promise<T | undefined>;
	input: (options: vscode.InputBoxOptions) => Promise<string | undefined>;
	/** A modal question; true only when the action was chosen. */
	confirm: (title: string, detail: string, action: string) => Promise<boolean>;
	/** Settles with the chosen action, undefined when the message was closed. */
	tell: (level: 'info' | 'warning' | 'error', text: string, ...actions: string[]) => Promise<string | undefined>;
	/** A notification for the time of some work, with a button that cancels it. */
	progress: <T>(
		title: string,
		work: (
			report: vscode.Progress<{ message?: string; increment?: number }>,
			token: vscode.CancellationToken,
		) => Promise<T>,
	) => Promise<T>;
	/** Empty when the user cancels. */
	openDialog: (options: vscode.OpenDialogOptions) => Promise<readonly vscode.Uri[]>;
	saveDialog: (options: vscode.SaveDialogOptions) => Promise<vscode.Uri | undefined>;
	stepPick: <T extends vscode.QuickPickItem>(options: StepPick<T>) => Promise<StepAnswer<readonly T[]>>;
	stepInput: (options: StepInput) => Promise<StepAnswer<string>>;
}

export function createUi(): Ui {
	return {
		pick: (items, options) => Promise.resolve(vscode.window.showQuickPick(items, options)),
		input: (options) => Promise.resolve(vscode.window.showInputBox(options)),
		confirm: async (title, detail, action) =>
			(await vscode.window.showWarningMessage(
				visibleLines(title),
				{ modal: true, detail: visibleLines(detail) },
				action,
			)) === action,
		tell: (level, text, ...actions) => {
			const show = {
				info: vscode.window.showInformationMessage,
				warning: vscode.window.showWarningMessage,
				error: vscode.window.showErrorMessage,
			}[level];
			return Promise.resolve(show(visibleLines(text), ...actions));
		},
		progress: (title, work) => {
			const location = vscode.ProgressLocation.Notification;
			return Promise.resolve(vscode.window.withProgress({ location, title, cancellable: true }, work));
		},
		openDialog: async (options) => (await vscode.window.showOpenDialog(options)) ?? [],
		saveDialog: (options) => Promise.resolve(vscode.window.showSaveDialog(options)),
		stepPick,
		stepInput,
	};
}

function stepPick<T extends vscode.QuickPickItem>(options: StepPick<T>): Promise<StepAnswer<readonly T[]>> {
	const pick = vscode.window.createQuickPick<T>();
	frame(pick, options);
	pick.placeholder = options.placeholder;
	pick.items = options.items;
	pick.matchOnDescription = pick.matchOnDetail = true;
	pick.canSelectMany = options.many ?? false;
	const chosen = options.chosen ?? [];
	if (options.many === true) pick.selectedItems = chosen;
	else pick.activeItems = chosen;
	return ask(pick, (answer) => {
		// Without a choice there is nothing to go on with.
		if (pick.selectedItems.length > 0) answer(pick.selectedItems);
	});
}

function stepInput(options: StepInput): Promise<StepAnswer<string>> {
	const input = vscode.window.createInputBox();
	frame(input, options);
	input.prompt = options.prompt;
	input.value = options.value;
	const check = () => (input.validationMessage = options.validate?.(input.value) ?? '');
	input.onDidChangeValue(check);
	return ask(input, (answer) => {
		if (check() === '') answer(input.value);
	});
}

type Box = vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox;

function frame(box: vscode.QuickInput & Pick<Box, 'buttons'>, { title, step, totalSteps }: StepFrame): void {
	box.title = title;
	box.step = step;
	box.totalSteps = totalSteps;
	box.ignoreFocusOut = true;
	box.buttons = step > 1 ? [vscode.QuickInputButtons.Back] : [];
}

function ask<V>(
	box: vscode.QuickInput & Pick<Box, 'onDidAccept' | 'onDidTriggerButton'>,
	onAccept: (answer: (value: V) => void) => void,
): Promise<StepAnswer<V>> {
	return new Promise((done) => {
		const end = (answer: StepAnswer<V>) => {
			done(answer);
			box.dispose();
		};
		box.onDidAccept(() => onAccept((value) => end({ kind: 'answer', value })));
		box.onDidTriggerButton(() => end({ kind: 'back' }));
		box.onDidHide(() => end({ kind: 'cancel' }));
		box.show();
	});
}
