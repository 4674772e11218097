import { LitElement, css, html, type TemplateResult } from 'lit';
import { button } from '../../shared/fields.ts';
import { rich, t } from '../../shared/l10n.ts';
import { baseStyles, dialogStyles } from '../../shared/styles.ts';

const topics: readonly { readonly title: string; readonly text: TemplateResult }[] = [
	{
		title: t('Source and destination'),
		text: html`<h3>${t('Source')}</h3>
			<p>
				${t('Mark the partitions that go into the image. The mark of a disk takes all of its partitions, also those that it gets later. A disk is found again by its signature, a partition by its number and place, never by a drive letter.')}
			</p>
			<p>
				${t('With the partitions required to boot, hidden system partitions are imaged too. Which ones these are is found out at each run.')}
			</p>
			<p>${t('A raw disk file holds a disk sector by sector and is imaged like one.')}</p>
			<h3>${t('Destination')}</h3>
			<p>
				${t('A folder on a local drive or a network share, but never on a partition that is in the image. Alternative locations are tried in their order when the folder cannot be reached.')}
			</p>
			<p>
				${rich('The image id is a name that no other backup set has. A name of your own stands behind it; type {0} for what it may contain.', html`<code>{</code>`)}
			</p>`,
	},
	{
		title: t('Backup plan'),
		text: html`<h3>${t('Backup types')}</h3>
			<p><strong>${t('Full:')}</strong> ${t('everything that is selected; it begins a new backup set.')}</p>
			<p><strong>${t('Differential:')}</strong> ${t('what has changed since the full.')}</p>
			<p><strong>${t('Incremental:')}</strong> ${t('what has changed since the newest backup of the set.')}</p>
			<p>${t('Of schedules that are due at the same minute one runs: full before differential before incremental.')}</p>
			<h3>${t('Retention rules')}</h3>
			<p>
				${t('Deleting a full deletes its whole set. Deleting a differential deletes the incrementals linked to it.')}
			</p>
			<p>
				${t('Incrementals are never simply deleted while a kept one needs them: the older ones are merged into the oldest that is kept. Where a set is a full followed by incrementals alone, a synthetic full rolls the full forward instead.')}
			</p>
			<p>
				${t('Purged before the backup, the present set counts too: with one full to keep, all backups are deleted before the new one is made.')}
			</p>
			<p>
				${t('When free space drops below the threshold, a running backup pauses while the oldest sets are deleted, then goes on.')}
			</p>`,
	},
	{
		title: t('Summary and saving'),
		text: html`<p>
				${t('Finish leads to the save options. Saved as an XML file, the same backup can be run again, scheduled, and followed by incrementals and differentials. Images are restored without it.')}
			</p>
			<p>
				${t('Keep definitions in a local folder that only you and administrators may write. Programs that a definition names run with the rights of the backup; whoever may change the file decides what runs.')}
			</p>`,
	},
];

/** Help on one page of the wizard, at the right edge. Fires `close`. */
export class HelpDrawerElement extends LitElement {
	static override properties = { topic: { type: Number } };
	static override styles = [
		baseStyles,
		dialogStyles,
		css`
			.dialog-body {
				gap: 10px;
			}
			h3 {
				margin-top: 8px;
			}
		`,
	];

	/** Number of the page, from 0. */
	declare topic: number;

	override firstUpdated(): void {
		const dialog = this.renderRoot.querySelector('dialog')!;
		dialog.addEventListener('close', () => this.dispatchEvent(new Event('close')));
		dialog.showModal();
	}

	override render() {
		const { title, text } = topics[this.topic]!;
		return html`<dialog class="drawer" aria-labelledby="title">
			<div class="dialog-title">
				<h2 id="title">${title}</h2>
				${button(html`<afterimage-icon name="close"></afterimage-icon>`, () => this.#close(), {
					appearance: 'icon',
					name: t('Close help'),
				})}
			</div>
			<div class="dialog-body">${text}</div>
		</dialog>`;
	}

	#close(): void {
		this.renderRoot.querySelector('dialog')!.close();
	}
}
