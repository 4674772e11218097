import { html, nothing, type TemplateResult } from 'lit';
import type { BackupSetInfo, ImageDiskInfo } from '../../../src/protocol/backups.ts';
import type { DiskInfo } from '../../../src/protocol/disks.ts';
import type { ConfirmedDisk } from '../../../src/protocol/restore.ts';
import type { HostToRestore, RestoreToHost } from '../../../src/protocol/restore-page.ts';
import { button } from '../../shared/fields.ts';
import { inEnglish } from '../../shared/in-english.ts';
import { t } from '../../shared/l10n.ts';
import { PageElement } from '../../shared/page-element.ts';
import { tableStyles } from '../../shared/styles.ts';
import { choiceOf } from '../model/choice.ts';
import { keptOf, stateFrom, type KeptState } from '../model/kept-state.ts';
import {
	beginCheck,
	changeOptions,
	chooseDisk,
	chooseGrowth,
	chooseShrinking,
	choosePartitions,
	choosePlace,
	choosePoint,
	chooseTarget,
} from '../model/choosing.ts';
import {
	canCheck,
	canStart,
	imageDiskOf,
	isLocked,
	planOf,
	sourceOf,
	targetsOf,
	type PageState,
} from '../model/page-state.ts';
import type { Plan } from '../model/plan.ts';
import { received } from '../model/receiving.ts';
import type { Source } from '../model/target.ts';
import { checkPart } from '../parts/check-part.ts';
import { confirmationPart } from '../parts/confirmation-part.ts';
import { mapsPart } from '../parts/maps-part.ts';
import { optionsPart } from '../parts/options-part.ts';
import { pointsPart } from '../parts/points-part.ts';
import { runPart } from '../parts/run-part.ts';
import { noImagePart, sourcePart } from '../parts/source-part.ts';
import { targetsPart } from '../parts/targets-part.ts';
import { restoreStyles } from './app.styles.ts';

/** The page that restores: point, source, target, what is lost, options, check, confirmation, run. */
export class RestoreElement extends PageElement<RestoreToHost, HostToRestore, KeptState> {
	static override properties = { _state: { state: true } };
	static override styles = [...PageElement.frameStyles, tableStyles, restoreStyles];

	declare private _state: PageState;

	constructor() {
		super();
		this._state = stateFrom(this.host.state);
	}

	protected override opening(): readonly RestoreToHost[] {
		const { file, target } = this._state;
		const ready: RestoreToHost = {
			type: 'ready',
			...(file === '' ? {} : { file }),
			...(target === undefined ? {} : { target }),
		};
		return [ready, { type: 'list-disks', elevated: false }];
	}

	override render() {
		const { set, image, imageError, run } = this._state;
		if (set === undefined) return this.waiting(t('Opening…'));
		const source = sourceOf(this._state);
		const plan = planOf(this._state);
		return this.frame({
			head: html`<h1><span class="muted">${t('Restore')}</span> ${set.imageId}</h1>
				<p class="muted">${inEnglish(set.sources)}</p>`,
			content: html`${section('1', t('Point in the chain'), this.#points(set))}
			${image === undefined ? noImagePart(imageError) : section('2', t('Disk and partitions'), this.#sources(image.disks))}
			${source === undefined ? nothing : section('3', t('Target'), this.#targets())}
			${
				plan === undefined
					? nothing
					: html`${section('4', t('Place on the target'), this.#maps(plan))}
						${section('5', t('Options'), this.#options(plan.source))} ${section('6', t('Check'), this.#checking(plan))}
						${section('7', t('Confirm'), this.#confirmation(plan))}`
			}
			${runPart(run, () => this.host.post({ type: 'open-log' }))}`,
			bar: { label: t('Restore'), buttons: this.#buttons(plan) },
		});
	}

	#points(set: BackupSetInfo) {
		const { file, zone } = this._state;
		return pointsPart({ set, file, zone, locked: this.#locked, onPoint: (path) => this.#choosePoint(path) });
	}

	#sources(disks: readonly ImageDiskInfo[]) {
		return sourcePart({
			disks,
			disk: imageDiskOf(this._state),
			partitions: this._state.partitions,
			locked: this.#locked,
			onDisk: (number) => this.#set(chooseDisk(this._state, number)),
			onPartitions: (partitions) => this.#set(choosePartitions(this._state, partitions)),
		});
	}

	#targets() {
		const { target, disks, disksError, elevated } = this._state;
		return targetsPart({
			targets: targetsOf(this._state),
			chosen: target,
			error: disksError,
			needsRights: !elevated && (disks?.some((disk) => disk.needsRights) ?? false),
			locked: this.#locked,
			onTarget: (chosen) => this.#set(chooseTarget(this._state, chosen)),
			onRights: () => this.host.post({ type: 'list-disks', elevated: true }),
			onBrowse: (create) => this.host.post({ type: 'browse', create }),
		});
	}

	#maps(plan: Plan) {
		return mapsPart({
			plan,
			locked: this.#locked,
			onPlace: ({ into }) => this.#set(choosePlace(this._state, into)),
			onGrow: (number) => this.#set(chooseGrowth(this._state, number)),
			onShrink: (on) => this.#set(chooseShrinking(this._state, on)),
		});
	}

	#options(source: Source) {
		const { options } = this._state;
		return optionsPart(options, source, this.#locked, (part) => this.#set(changeOptions(this._state, part)));
	}

	#checking(plan: Plan) {
		const { check, options, file } = this._state;
		return checkPart({
			check,
			delta: options.delta,
			locked: this.#locked || !canCheck(this._state),
			onCheck: () => {
				// It keeps the focus, which a button that is disabled meanwhile would lose.
				if (check.state === 'checking') return;
				this.#set(beginCheck(this._state));
				const choice = choiceOf(file, plan, options);
				this.host.post({ type: 'check', id: this._state.checks, choice });
			},
		});
	}

	#confirmation(plan: Plan) {
		const { check, trusted, confirmed } = this._state;
		return confirmationPart({
			plan,
			refused: check.state === 'refused',
			trusted,
			typed: confirmed,
			locked: this.#locked,
			onInput: (value) => this.#set({ ...this._state, confirmed: value }),
		});
	}

	#buttons(plan: Plan | undefined) {
		const { run } = this._state;
		return html`<span class="space"></span> ${
				this.#locked
					? button(t('Cancel'), () => this.host.post({ type: 'cancel-run' }), { id: 'cancel' })
					: button(run.state === 'ended' ? t('Close') : t('Cancel'), () => this.host.post({ type: 'close' }))
			}
			${button(t('Restore'), () => this.#start(plan), {
				appearance: 'primary',
				disabled: !canStart(this._state),
				id: 'restore',
			})}`;
	}

	get #locked(): boolean {
		return isLocked(this._state);
	}

	#set(state: PageState): void {
		this._state = state;
		const kept = keptOf(state);
		if (kept !== undefined) this.host.keep(kept);
	}

	#choosePoint(file: string): void {
		this.#set(choosePoint(this._state, file));
		this.host.post({ type: 'choose-point', file });
	}

	#start(plan: Plan | undefined): void {
		const { file, options, confirmed } = this._state;
		if (plan === undefined) return;
		this.#set({ ...this._state, run: { state: 'running', progress: undefined } });
		// The button that was pressed goes, and another Enter is not to cancel what it began.
		this.focusOn('#progress');
		const request = { kind: 'restore' as const, ...choiceOf(file, plan, options) };
		this.host.post({
			type: 'start',
			request:
				plan.target.kind === 'new-file'
					? request
					: { ...request, confirmed, confirmedDisk: recognised(plan.target.disk) },
		});
	}

	protected override receive(message: HostToRestore): void {
		this.#set(received(this._state, message));
		if (message.type === 'ended') this.focusOn('#result');
	}
}

function recognised({ model, serial, size }: DiskInfo): ConfirmedDisk {
	return { model, serial, size };
}

function section(number: string, title: string, content: TemplateResult) {
	return html`<section aria-labelledby="step-${number}">
		<h2 id="step-${number}"><span class="step" aria-hidden="true">${number}</span>${title}</h2>
		${content}
	</section>`;
}
