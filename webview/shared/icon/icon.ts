import { LitElement, html, css, svg } from 'lit';

/** Outlines on a grid of 16, drawn for this product. */
const shapes = {
	folder: svg`<path d="M1.5 12.5v-9h4l1.5 1.5h7.5v7.5z"/>`,
	add: svg`<path d="M8 3v10M3 8h10"/>`,
	remove: svg`<path d="m4 4 8 8M12 4l-8 8"/>`,
	up: svg`<path d="m4 9.5 4-4 4 4"/>`,
	down: svg`<path d="m4 6.5 4 4 4-4"/>`,
	edit: svg`<path d="m10.5 2.5 3 3-8 8-3.5.5.5-3.5z"/>`,
	refresh: svg`<path d="M13 8a5 5 0 1 1-1.5-3.5M13 2v3h-3"/>`,
	shield: svg`<path d="M8 1.5c2 1.2 3.8 1.7 5.5 1.8 0 5.2-1.5 8.7-5.5 11.2C4 12 2.5 8.5 2.5 3.3 4.2 3.2 6 2.7 8 1.5z"/>`,
	error: svg`<circle cx="8" cy="8" r="6.5"/><path d="m5.5 5.5 5 5M10.5 5.5l-5 5"/>`,
	warning: svg`<path d="M8 2 1.5 13.5h13z"/><path d="M8 6.5v3.5M8 11.5v.6"/>`,
	information: svg`<circle cx="8" cy="8" r="6.5"/><path d="M8 7v4.5M8 4.5v.6"/>`,
	pass: svg`<circle cx="8" cy="8" r="6.5"/><path d="m5 8.3 2 2 4-4.5"/>`,
	disk: svg`<rect x="1.5" y="3.5" width="13" height="9" rx="1"/><path d="M4 10h4M11.5 10h.6"/>`,
	file: svg`<path d="M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3"/>`,
	calendar: svg`<rect x="2" y="3" width="12" height="11" rx="1"/><path d="M2 6.5h12M5 1.5V4M11 1.5V4"/>`,
	close: svg`<path d="m4 4 8 8M12 4l-8 8"/>`,
	right: svg`<path d="m6 4 4 4-4 4"/>`,
	link: svg`<path d="M6 10l4-4M7 4.5l1.5-1.5a3 3 0 0 1 4.5 4.5L11.5 9M9 11.5 7.5 13A3 3 0 0 1 3 8.5L4.5 7"/>`,
} as const;

export type IconName = keyof typeof shapes;

/** A picture beside a text; it says nothing by itself, so that screen readers pass over it. */
export class IconElement extends LitElement {
	static override properties = { name: {} };
	static override styles = css`
		:host {
			display: inline-flex;
			width: 16px;
			height: 16px;
			flex: none;
		}
		svg {
			width: 100%;
			height: 100%;
			fill: none;
			stroke: currentColor;
			stroke-width: 1.2;
			stroke-linecap: round;
			stroke-linejoin: round;
		}
	`;

	declare name: IconName;

	override render() {
		return html`<svg viewBox="0 0 16 16" aria-hidden="true">${shapes[this.name]}</svg>`;
	}
}
