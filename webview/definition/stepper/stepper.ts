import { LitElement, css, html } from 'lit';
import { t } from '../../shared/l10n.ts';
import { baseStyles, readNotSeen } from '../../shared/styles.ts';

/** Where in the wizard one is; fires `step` with the number of a step that was chosen. */
export class StepperElement extends LitElement {
	static override properties = { steps: { attribute: false }, current: { type: Number } };
	static override styles = [
		baseStyles,
		css`
			ol {
				display: flex;
				flex-wrap: wrap;
				gap: 4px 0;
				align-items: center;
			}
			li {
				position: relative;
				display: flex;
				align-items: center;
			}
			li + li::before {
				content: '';
				width: 28px;
				height: 1px;
				margin: 0 10px;
				background: color-mix(in srgb, var(--vscode-foreground) 30%, transparent);
			}
			button {
				display: flex;
				align-items: center;
				gap: 8px;
				padding: 3px 6px 3px 2px;
				border: 0;
				border-radius: 3px;
				background: none;
				color: var(--vscode-descriptionForeground);
				font: inherit;
				cursor: pointer;
			}
			button:hover {
				color: var(--vscode-foreground);
			}
			.number {
				display: inline-grid;
				place-items: center;
				width: 20px;
				height: 20px;
				border-radius: 10px;
				border: 1px solid currentColor;
				font-size: 0.85em;
			}
			[aria-current='step'] {
				color: var(--vscode-foreground);
				font-weight: 600;
			}
			[aria-current='step'] .number {
				color: var(--vscode-button-foreground);
				background: var(--vscode-button-background);
				border-color: var(--vscode-contrastBorder, var(--vscode-button-background));
			}
			@media (max-width: 560px) {
				li + li::before {
					margin: 0 6px;
				}
				/* Only the present step has room for its name. */
				[aria-current='false'] .name {
					${readNotSeen}
				}
			}
			@media (forced-colors: active) {
				[aria-current='step'] .number {
					forced-color-adjust: none;
					color: HighlightText;
					background: Highlight;
				}
			}
		`,
	];

	declare steps: readonly string[];
	/** Counted from 0. */
	declare current: number;

	override render() {
		return html`<nav aria-label=${t('Steps')}>
			<ol>
				${this.steps.map(
					(step, index) =>
						html`<li>
							<button
								aria-current=${index === this.current ? 'step' : 'false'}
								@click=${() => this.dispatchEvent(new CustomEvent('step', { detail: index }))}
							>
								<span class="number" aria-hidden="true">${index + 1}</span><span class="name">${step}</span>
							</button>
						</li>`,
				)}
			</ol>
		</nav>`;
	}
}
