import { LitElement, css, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { formatBytes } from '../../shared/quantities.ts';
import type { DiskInfo } from '../../../src/protocol/disks.ts';
import { t } from '../../shared/l10n.ts';
import { baseStyles } from '../../shared/styles.ts';
import { diskName } from '../../shared/disk-title.ts';
import { pathOf, type Target } from '../model/target.ts';

/** The disks and raw files that an image can be restored to. Fires `choose` with the path of one. */
export class TargetListElement extends LitElement {
	static override properties = { targets: { attribute: false }, chosen: {}, locked: { type: Boolean } };
	static override styles = [
		baseStyles,
		css`
			ul {
				display: flex;
				flex-direction: column;
				gap: 4px;
			}
			label {
				display: grid;
				grid-template-columns: auto auto minmax(0, 1fr) auto;
				align-items: center;
				gap: 8px;
				padding: 6px 12px;
				border: 1px solid var(--vscode-contrastBorder, color-mix(in srgb, var(--vscode-foreground) 16%, transparent));
				border-radius: 4px;
				cursor: pointer;
			}
			label:has(:checked) {
				border-color: var(--vscode-focusBorder);
				background: var(--vscode-list-inactiveSelectionBackground);
			}
			label:has(:checked) .muted {
				color: inherit;
			}
			label:has(:focus-visible) {
				outline: 1px solid var(--vscode-focusBorder);
			}
			input {
				margin: 0;
				accent-color: var(--vscode-focusBorder);
			}
			.name {
				overflow-wrap: anywhere;
			}
		`,
	];

	declare targets: readonly Target[];
	/** Path of the chosen target. */
	declare chosen: string | undefined;
	declare locked: boolean;

	override render() {
		return html`<ul role="radiogroup" aria-label=${t('Target')}>
			${this.targets.map((target) => {
				const path = pathOf(target);
				const { title, detail } = wordsOf(target);
				return html`<li role="none">
					<label>
						<input
							type="radio"
							name="target"
							value=${path}
							.checked=${live(path === this.chosen)}
							?disabled=${this.locked}
							@change=${() => this.dispatchEvent(new CustomEvent('choose', { detail: path }))}
						/>
						<afterimage-icon
							name=${target.kind === 'new-file' || target.disk.kind === 'file' ? 'file' : 'disk'}
						></afterimage-icon>
						<span class="name">${title} ${path === title ? nothing : html`<code class="muted">${path}</code>`}</span>
						<span class="muted">${detail}</span>
					</label>
				</li>`;
			})}
		</ul>`;
	}
}

function wordsOf(target: Target): { readonly title: string; readonly detail: string } {
	if (target.kind === 'new-file') return { title: t('New raw file'), detail: t('is made') };
	const { disk } = target;
	return { title: titleOf(disk), detail: formatBytes(disk.size) };
}

function titleOf(disk: DiskInfo): string {
	if (disk.kind === 'file') return disk.path;
	return diskName({ ...disk, id: '', name: disk.model });
}
