import { LitElement, html, nothing } from 'lit';
import { styleMap } from 'lit/directives/style-map.js';
import { formatBytes } from '../quantities.ts';
import { diskMapStyles } from './disk-map.styles.ts';
import type { MapSegment } from './segments.ts';
import { t } from '../l10n.ts';

/**
 * A disk as a strip of blocks in proportion to its partitions, the used part of each filled. For the eye only: whatever
 * it shows and does stands in the table beneath it too. Fires `pick` with the key of a block that was clicked.
 */
export class DiskMapElement extends LitElement {
	static override properties = { segments: { attribute: false }, label: {}, pickable: { type: Boolean } };
	static override styles = diskMapStyles;

	declare segments: readonly MapSegment[];
	declare label: string;
	declare pickable: boolean;

	constructor() {
		super();
		this.segments = [];
		this.label = '';
		this.pickable = false;
	}

	override render() {
		const total = this.segments.reduce((sum, segment) => sum + segment.length, 0);
		const words = this.segments.map(({ title, length, selected }) =>
			selected ? t('{0}, {1}, selected', title, formatBytes(length)) : `${title}, ${formatBytes(length)}`,
		);
		return html`<div
			class="map"
			style=${styleMap({ '--blocks': String(this.segments.length) })}
			role="img"
			aria-label="${this.label}: ${words.join('; ')}"
		>
			${this.segments.map((segment) => this.#block(segment, total))}
		</div>`;
	}

	#block(segment: MapSegment, total: number) {
		const used = segment.used === undefined ? undefined : Math.min(1, segment.used / Math.max(1, segment.length));
		const classes = ['block', segment.kind, segment.selected ? 'selected' : '', segment.tone ?? ''].join(' ');
		const size = formatBytes(segment.length);
		return html`<div
			class=${classes}
			style=${styleMap({ flexGrow: String(Math.max(segment.length / Math.max(1, total), 1e-6)) })}
			title="${segment.title} · ${segment.detail} · ${size}"
			@click=${() => {
				if (this.pickable && segment.kind === 'partition') {
					this.dispatchEvent(new CustomEvent('pick', { detail: segment.key }));
				}
			}}
		>
			${
				used === undefined
					? nothing
					: html`<div class="fill" style=${styleMap({ width: `${(used * 100).toFixed(2)}%` })}></div>`
			}
			<div class="words">
				<span class="short">${segment.short}</span>
				<span class="title">${segment.title}</span>
				<span class="detail">${segment.kind === 'free' ? size : `${segment.detail} · ${size}`}</span>
			</div>
		</div>`;
	}
}
