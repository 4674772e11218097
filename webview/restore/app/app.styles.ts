import { css } from 'lit';
import { partitionTableStyles } from '../../shared/partition-table.ts';
import { chipStyles } from '../../shared/styles.ts';

export const restoreStyles = [
	partitionTableStyles,
	chipStyles,
	css`
		.head {
			align-items: baseline;
			justify-content: start;
			gap: 4px 24px;
		}
		.content {
			gap: 26px;
			max-width: 980px;
		}
		h2 {
			display: flex;
			align-items: center;
			gap: 10px;
			font-size: 1.08em;
		}
		.step {
			display: inline-grid;
			place-items: center;
			width: 20px;
			height: 20px;
			border-radius: 10px;
			border: 1px solid currentColor;
			font-size: 0.8em;
			font-weight: normal;
		}
		section {
			display: flex;
			flex-direction: column;
			gap: 10px;
		}
		.stack {
			display: flex;
			flex-direction: column;
			gap: 4px;
		}
		.hint {
			margin-inline-start: 26px;
			max-width: 46em;
			font-size: 0.92em;
		}
		.facts {
			display: grid;
			grid-template-columns: max-content minmax(0, 1fr);
			gap: 4px 24px;
			/* In line with the cells of tables. */
			padding-inline: 10px;
			font-variant-numeric: tabular-nums;
		}
		.facts dt {
			color: var(--vscode-descriptionForeground);
		}
		.facts dd {
			overflow-wrap: anywhere;
		}
		.radio {
			display: inline-flex;
			align-items: center;
			gap: 8px;
			min-height: 26px;
		}
		input[type='radio'] {
			margin: 0;
			accent-color: var(--vscode-focusBorder);
		}
		.radio + .hint {
			margin-inline-start: 21px;
		}
		.labelled {
			display: flex;
			flex-wrap: wrap;
			align-items: center;
			gap: 4px 10px;
		}
		.labelled + .hint {
			margin-inline-start: 0;
		}
		td.select input {
			display: block;
			margin-inline: auto;
		}
		.places th.select {
			width: auto;
			white-space: nowrap;
		}
		.blocked {
			color: var(--vscode-descriptionForeground);
		}
		figure {
			display: flex;
			flex-direction: column;
			gap: 4px;
		}
		figcaption {
			color: var(--vscode-descriptionForeground);
		}
		vscode-text-field.grow {
			width: min(30em, 100%);
		}
		.bar-outer {
			height: 6px;
			border-radius: 3px;
			overflow: hidden;
			background: color-mix(in srgb, var(--vscode-foreground) 14%, transparent);
		}
		.bar-outer div {
			height: 100%;
			background: var(--vscode-progressBar-background);
			transition: width 200ms linear;
		}
		@media (max-width: 720px) {
			.facts {
				padding-inline: 0;
			}
		}
		@media (forced-colors: active) {
			.bar-outer {
				border: 1px solid CanvasText;
			}
			.bar-outer div {
				forced-color-adjust: none;
				background: Highlight;
			}
		}
	`,
];
