import { LitElement, css, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { formatBytes } from '../../shared/quantities.ts';
import type { BackupFileInfo } from '../../../src/protocol/backups.ts';
import { dateAndTime } from '../../shared/dates.ts';
import { t } from '../../shared/l10n.ts';
import { baseStyles } from '../../shared/styles.ts';
import { typeDotStyles } from '../../shared/type-dots.ts';
import { typeLetters, typeNames } from '../../shared/type-names.ts';
import { branchesOf, chainOf } from '../model/chain.ts';

/** The points of a set as a chain, one of which is chosen. Fires `choose` with the path of another. */
export class ChainElement extends LitElement {
	static override properties = {
		files: { attribute: false },
		chosen: {},
		zone: {},
		locked: { type: Boolean },
	};
	static override styles = [
		baseStyles,
		typeDotStyles,
		css`
			.chain {
				display: flex;
				flex-direction: column;
				gap: 8px;
				overflow-x: auto;
				padding: 3px;
			}
			.branch {
				display: flex;
				align-items: stretch;
			}
			.branch.differential {
				margin-inline-start: 28px;
			}
			.branch.differential::before {
				content: '';
				width: 16px;
				margin: -8px 0 24px -16px;
				border: solid color-mix(in srgb, var(--vscode-foreground) 35%, transparent);
				border-width: 0 0 1px 1px;
				border-end-start-radius: 4px;
			}
			label {
				/* The radio button lies in it, unseen. */
				position: relative;
				flex: none;
				max-width: 18em;
				display: grid;
				grid-template-columns: auto 1fr;
				align-items: center;
				align-content: start;
				gap: 2px 7px;
				padding: 6px 12px 6px 8px;
				white-space: nowrap;
				border: 1px solid color-mix(in srgb, var(--vscode-foreground) 22%, transparent);
				border-radius: 4px;
				cursor: pointer;
			}
			label.needed {
				border-color: var(--vscode-charts-blue, var(--vscode-focusBorder));
			}
			label.chosen {
				background: var(--vscode-list-inactiveSelectionBackground);
				border-color: var(--vscode-focusBorder);
				outline: 1px solid var(--vscode-focusBorder);
			}
			label.damaged {
				border-style: dashed;
				border-color: var(--vscode-inputValidation-errorBorder);
			}
			label .muted {
				grid-column: 1 / -1;
				font-size: 0.92em;
			}
			.damage {
				white-space: normal;
			}
			label.chosen .muted {
				color: inherit;
			}
			.joint {
				flex: none;
				align-self: center;
				width: 14px;
				height: 1px;
				background: color-mix(in srgb, var(--vscode-foreground) 35%, transparent);
			}
			input {
				position: absolute;
				opacity: 0;
				pointer-events: none;
			}
			label:has(:focus-visible) {
				outline: 2px solid var(--vscode-focusBorder);
				outline-offset: 1px;
			}
		`,
	];

	declare files: readonly BackupFileInfo[];
	/** Path of the chosen point. */
	declare chosen: string;
	declare zone: string;
	declare locked: boolean;

	override render() {
		const file = this.files.find(({ path }) => path === this.chosen);
		const needed = file === undefined ? new Set<string>() : chainOf(file, this.files);
		return html`<div class="chain" role="radiogroup" aria-label=${t('Points in the chain')} tabindex="-1">
			${branchesOf(this.files).map(
				({ points, differential }) =>
					html`<div class="branch ${differential ? 'differential' : ''}">
						${points.map(
							(point, index) =>
								html`${index > 0 ? html`<span class="joint"></span>` : nothing}${this.#point(point, needed.has(point.name))}`,
						)}
					</div>`,
			)}
		</div>`;
	}

	#point(point: BackupFileInfo, needed: boolean) {
		const chosen = point.path === this.chosen;
		const number = String(point.incrementNumber).padStart(2, '0');
		const noted = point.wasDamaged
			? t('damaged when it was last verified')
			: point.verifiedOn === undefined
				? undefined
				: t('verified');
		const state = point.damage ?? noted;
		return html`<label
			class="${chosen ? 'chosen' : ''} ${needed ? 'needed' : ''} ${point.damage === undefined ? '' : 'damaged'}"
			title=${point.name}
		>
			<input
				type="radio"
				name="point"
				aria-label="${typeNames[point.type]} ${number}, ${dateAndTime(Date.parse(point.time), this.zone)}, ${formatBytes(
					point.size,
				)}${state === undefined ? '' : `, ${state}`}"
				.checked=${live(chosen)}
				?disabled=${this.locked || point.damage !== undefined}
				@change=${() => this.dispatchEvent(new CustomEvent('choose', { detail: point.path }))}
			/>
			<i class="dot ${point.type}" aria-hidden="true">${typeLetters[point.type]}</i>
			<span>${typeNames[point.type]} ${number}</span>
			<span class="muted">${dateAndTime(Date.parse(point.time), this.zone)}</span>
			<span class="muted"
				>${formatBytes(point.size)}${
					state === undefined
						? nothing
						: html` · ${point.damage === undefined ? state : html`<span class="damage" lang="en">${state}</span>`}`
				}</span
			>
		</label>`;
	}
}
