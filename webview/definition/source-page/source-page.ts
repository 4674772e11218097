import { html, nothing } from 'lit';
import { formatBytes } from '../../shared/quantities.ts';
import { busy, button, checkbox, notice } from '../../shared/fields.ts';
import { t } from '../../shared/l10n.ts';
import { baseStyles, noticeStyles } from '../../shared/styles.ts';
import { errorNotice } from '../../shared/in-english.ts';
import { FormElement } from '../form.ts';
import { totalSelected } from '../model/sources.ts';
import { sourcePageStyles } from './source-page.styles.ts';

/** The first page: which disks and partitions, and where to. */
export class SourcePageElement extends FormElement {
	static override styles = [baseStyles, noticeStyles, sourcePageStyles];

	override render() {
		const { definition, disks, disksError, elevated, readOnly, rows, post } = this.form;
		const needsRights = !elevated && (disks?.some((disk) => disk.needsRights) ?? false);
		const total = totalSelected(rows, !definition.intelligentSectorCopy);
		return html`<section aria-labelledby="source">
				<div class="row spread">
					<h3 id="source">${t('Source')}</h3>
					<div class="row">
						${button(
							t('Add Raw Disk File…'),
							() => post({ type: 'browse', purpose: 'raw-file', index: 0, current: '' }),
							{
								disabled: readOnly,
							},
						)}
						${button(
							html`<afterimage-icon name="refresh"></afterimage-icon>`,
							() => post({ type: 'list-disks', elevated }),
							{
								appearance: 'icon',
								name: t('Read the disks again'),
							},
						)}
					</div>
				</div>
				${checkbox({
					label: t('Create an image of the partition(s) required to boot and run the operating system'),
					checked: definition.sources.bootPartitions,
					disabled: readOnly,
					onChange: (bootPartitions) =>
						this.form.change((one) => ({ ...one, sources: { ...one.sources, bootPartitions } })),
				})}
				${disksError === undefined ? nothing : errorNotice(disksError)}
				${
					needsRights
						? notice(
								'information',
								html`<span
										>${t('File systems and signatures of some disks can be read with administrator rights only: the system guards raw disks.')}</span
									>
									<button class="link" @click=${() => post({ type: 'list-disks', elevated: true })}>
										${t('Read with administrator rights')}
									</button>`,
							)
						: nothing
				}
				${disks === undefined && disksError === undefined ? busy(t('Reading the disks…')) : nothing}
				${rows.map((row) => html`<afterimage-source-disk .form=${this.form} .row=${row}></afterimage-source-disk>`)}
				${
					disks !== undefined && rows.length === 0
						? html`<p class="muted">${t('There is no disk here. A raw disk file can be imaged like one.')}</p>`
						: nothing
				}
				<p class="total" aria-live="polite">
					<span>${t('Total Selected:')}</span> <strong id="total">${formatBytes(total)}</strong>
				</p>
			</section>
			<afterimage-destination .form=${this.form}></afterimage-destination>`;
	}
}
